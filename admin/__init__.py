"""The staff's front door: my work, search, audit trail, jobs."""
