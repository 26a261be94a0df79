"""Requests of people about their own data (art. 15, 16 and 17 GDPR)."""
