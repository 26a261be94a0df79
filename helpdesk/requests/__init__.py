"""Requests for help: asked here, answered in the ticket system."""
