"""The pages of who applies."""
