"""Everybody's own account: data, second factor, sessions."""
