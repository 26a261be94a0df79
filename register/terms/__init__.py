"""What one agrees to: the tariffs with their decisions, and the texts of the agreement."""
