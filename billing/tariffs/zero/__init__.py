"""The zero tariff: recording one, its review and its end, and the warning before it."""
