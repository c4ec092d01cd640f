"""Adapters: the code for one sort of destination each, behind one protocol."""
