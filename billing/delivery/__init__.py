"""From the frozen document to what the participant gets: PDF, e-invoice, mail."""
