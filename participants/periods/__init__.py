"""Dated facts of participants: subscription, days on which they exchange messages, for whom they work, access."""
