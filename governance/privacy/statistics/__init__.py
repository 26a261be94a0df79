"""What each statistic is for, and on what legal basis; without both it stays off."""
