"""Issuing the invoices of an approved run, in batches, as often as it takes."""
