"""From application to live, and staying live."""
