"""Which categories would change by the newest numbers."""
