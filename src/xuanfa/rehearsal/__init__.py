"""Platforms to practise on: inside the process, no account, no network. They behave as the real ones are documented to.

Which kind is practised on which stands in the table of the kinds (``adapters/registry``).
"""

from pathlib import Path

from xuanfa.rehearsal.journal import Journal, Received
from xuanfa.rehearsal.platform import Platform

__all__ = ["Journal", "Platform", "Received", "journal_of"]


def journal_of(folder: Path, channel: str) -> Journal:
    """What the practice platform of a channel has received so far."""
    return Journal(folder / f"{channel}.db")
