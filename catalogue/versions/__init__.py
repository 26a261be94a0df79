"""Versions of modules: what must be true before one is released."""
