"""Checks: findings on texts and renditions, in words for the person who can mend them."""
