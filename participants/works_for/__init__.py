"""For whom a participant works: municipalities it serves, creditors in whose name it acts."""
