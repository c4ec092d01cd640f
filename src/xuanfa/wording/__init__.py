"""Wordings: how what a person does next reads where it is shown. A command line has its commands, pages will have their buttons."""
