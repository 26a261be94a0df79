"""Reading organisations from the files of public registers."""
