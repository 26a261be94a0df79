"""One case, classified with the tables of a file: what a number falls under, without anything of the database."""
