"""From a source to what the channels are given: reading, Markdown, pictures, templates. Imports the domain and its own libraries only."""
