"""The purchase order number of an organisation, which its units inherit unless they have one of their own."""
