"""Who took part when: dated, and only of those who may be named in public today."""
