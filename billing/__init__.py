"""From tariff to invoice: money, and only here."""
