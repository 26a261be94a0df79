"""Information meetings: the agenda, signing up, the calendar file."""
