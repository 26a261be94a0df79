"""Taking a name out of everything public, for safety, and back; it takes two."""
