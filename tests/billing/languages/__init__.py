"""Invoices in two languages."""
