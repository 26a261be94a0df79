"""The bundle of a run for the accountant."""
