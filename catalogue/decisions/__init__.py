"""What follows from decisions about modules, and what waits for a body."""
