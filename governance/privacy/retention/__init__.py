"""The retention schedule: what has passed its term, and clearing it away after approval."""
