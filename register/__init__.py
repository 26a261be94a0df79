"""What the public reads of us: participant list, map, badge."""
