"""Asking for help, information meetings, and inviting us."""
