"""Withdrawing: a post is taken down everywhere, or corrected where it is out."""
