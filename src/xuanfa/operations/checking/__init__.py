"""Checking posts by the rules: what comes with the program, what the workspace writes, and its lists."""
