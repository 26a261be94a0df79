"""A new bank account is announced by a letter, and anybody can check whether an IBAN or a letter is ours."""
