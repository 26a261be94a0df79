"""Meetings: date, body, agenda, papers and minutes. No attendance, quorum or invitations."""
