"""Personal data breaches: the clock, who is told, and the register (art. 33 and 34 GDPR)."""
