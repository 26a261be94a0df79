"""Modules that participants asked for, approved many at once."""
