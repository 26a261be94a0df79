"""Holding the invoices of one participant for the time being, for instance because of a dispute."""
