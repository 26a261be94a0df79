"""Legal entities: adding, changing, showing them."""
