"""Accounts of staff and their roles; a role changes only with a second pair of eyes."""
