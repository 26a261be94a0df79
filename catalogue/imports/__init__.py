"""What the data files say about modules and their versions, brought into the catalogue."""
