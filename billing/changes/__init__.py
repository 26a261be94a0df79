"""Changes of category: found, shown with their effect, decided by two, effective from a day to come."""
