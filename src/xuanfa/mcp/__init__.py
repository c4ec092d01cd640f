"""The interface for assistants: what a language model may read, draft, preview and check, in the name of whose token it has. It approves,
publishes and settles nothing."""
