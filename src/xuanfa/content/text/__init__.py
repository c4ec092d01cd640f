"""Text: Markdown as Chinese is written, to HTML, to plain text and to blocks."""
