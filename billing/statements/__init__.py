"""The statement of account of a participant: what was invoiced and credited, and what that comes to on a day."""
