"""The invoices of all units of one organisation together, for who acts for more than one of them."""
