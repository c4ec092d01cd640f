"""The store: SQLAlchemy tables and queries, SQLite by default. Its public face is ``Store`` and the modules of queries beside it."""
