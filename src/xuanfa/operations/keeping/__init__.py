"""Keeping: backups, the seal, and what is remembered outside the database."""
