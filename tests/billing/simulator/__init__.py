"""The simulator and its scenarios."""
