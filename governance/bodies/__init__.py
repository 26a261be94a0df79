"""Bodies: their seats, who sits there from when until when, and what falls vacant."""
