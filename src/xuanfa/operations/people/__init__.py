"""People: their accounts, passwords and tokens, and how somebody is known again."""
