"""宣发: a post is written once, reviewed, and published on time, exactly once, on every channel of a column, and counted."""

__version__ = "0.1.0"
