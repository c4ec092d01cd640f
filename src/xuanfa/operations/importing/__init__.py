"""Importing: publications of before this program, or beside it, entered in the ledger and marked with where they come from."""
