"""Recording tariff tables, zero tariffs and exceptions on decisions, by two people."""
