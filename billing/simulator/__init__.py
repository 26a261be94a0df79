"""What a changed tariff table would bring in, and for whom it rises or falls; scenarios that are kept."""
