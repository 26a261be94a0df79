"""The pages on which people of a participant see and change their own data."""
