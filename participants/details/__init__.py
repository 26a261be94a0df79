"""Changing the details of a participant: contacts, invoice details, the way it connects."""
