"""Prepayments of launching customers: what was paid, the agreed benefit, what of it was used and what is left."""
