"""What stands before every page: who is it, does the request come from our own page, how much may it hold, what may the answer do."""
