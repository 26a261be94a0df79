"""Invoices that a running subscription lacks: which, what they would say, and making them one by one."""
