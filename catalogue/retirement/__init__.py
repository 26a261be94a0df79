"""The way out of a version: announced, with mail to who still uses it."""
