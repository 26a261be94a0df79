"""Filling in an application, one thing per page."""
