"""Papers that are attached to decisions and meetings: what may be stored, and how it is sent."""
