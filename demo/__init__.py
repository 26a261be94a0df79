"""Example data and personas; not part of a production installation."""
