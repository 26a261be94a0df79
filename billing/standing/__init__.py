"""What stands about the category of a participant: its last annual invoice, and the changes that were decided."""
