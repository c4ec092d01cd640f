"""The rules, free of any input or output: standard library only, and time comes in as an argument."""
