"""What an invoice run would do for each participant, before anything happens."""
