"""What must be true before a version is switched on for one participant."""
