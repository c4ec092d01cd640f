"""Proving: what the public sees of what is out is looked at, kept and compared with what was sent."""
