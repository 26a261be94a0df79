"""Changing a setting, from a day on."""
