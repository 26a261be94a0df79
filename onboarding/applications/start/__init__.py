"""The public first pages: leave your interest, or begin."""
