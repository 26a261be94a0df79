"""Whom a participant can reach with a module, and which creditors a debt counsellor approaches."""
