"""Messages of a version: who may send what, and what answers what."""
