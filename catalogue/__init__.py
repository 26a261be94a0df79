"""What the hub offers, and who has it switched on."""
