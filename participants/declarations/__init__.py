"""What participants declare about their size; the tariff category of most roles goes by it."""
