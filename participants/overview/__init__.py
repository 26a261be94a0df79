"""The pages of staff about participants: the list and the file of one."""
