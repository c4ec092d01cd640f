"""Changing the settings of a workspace, its templates and its own rules, from where people work."""
