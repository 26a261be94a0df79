"""What accounts payable of a participant sees without signing in: the invoice, through a link that stands on it."""
