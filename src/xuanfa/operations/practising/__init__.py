"""Practising: rehearsals and previews, and the pages that show them."""
