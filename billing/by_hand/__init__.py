"""Invoices by hand: with a reason and lines of one's own, issued after a colleague agreed."""
