"""The yearly request: in the autumn everybody checks its invoice details, and creditors declare their files."""
