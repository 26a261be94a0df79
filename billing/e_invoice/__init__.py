"""E-invoices: EN 16931 in UBL 2.1, written and checked."""
