"""Recording tariff tables, zero tariffs and exceptions."""
