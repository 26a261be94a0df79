"""What staff see of requests."""
