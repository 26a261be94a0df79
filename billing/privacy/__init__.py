"""Personal data in what who pays lets us know, and how long they may stand."""
