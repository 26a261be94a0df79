"""Connections from before this administration: taken over with their date and a reference to the old file."""
