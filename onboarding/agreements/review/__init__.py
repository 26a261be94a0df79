"""Reading along by lawyers: share links, questions and answers."""
