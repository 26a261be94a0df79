"""From facts to a frozen agreement."""
