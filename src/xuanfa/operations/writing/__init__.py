"""Writing: drafts, saving them as the files of posts, pictures, and what each channel would get of a text that is nowhere yet."""
