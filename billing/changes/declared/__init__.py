"""A declaration that gives another category: who agrees with the number, agrees with the category."""
