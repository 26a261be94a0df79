"""Tariff tables, the category of a participant, and what it pays."""
