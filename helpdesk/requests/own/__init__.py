"""What a participant sees of the own requests."""
