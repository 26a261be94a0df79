"""What we hold about a person, table by table: to show it, to erase it, to say why it is kept."""
