"""What of tariffs and invoices rests on a decision, and what of it waits for one."""
