"""From what a participant falls under to a numbered invoice, one or many at once."""
