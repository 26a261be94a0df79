"""The connection and processing agreement: text, legal review, signing, countersigning."""
