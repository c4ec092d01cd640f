"""A second reader: a small language model that knows nothing of rules proposes characters that do not belong."""
