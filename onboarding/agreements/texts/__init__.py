"""Versions of the text of the agreement."""
