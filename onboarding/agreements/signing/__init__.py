"""Signing, countersigning, and what happens when somebody does not."""
