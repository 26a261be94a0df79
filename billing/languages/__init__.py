"""Invoices in Dutch or English: the fixed words, and a counterpart for the sentences that our own rules write."""
