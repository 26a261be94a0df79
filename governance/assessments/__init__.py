"""Assessments of a release: DPIA and security, with their findings."""
