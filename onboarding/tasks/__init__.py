"""The task list: what must be true before a participant goes live, and whose turn it is."""
