"""A subscription over the years: when it ends, which months are paid, and which count of a municipality holds."""
