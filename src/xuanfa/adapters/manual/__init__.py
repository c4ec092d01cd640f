"""Places without an interface: a person is handed a ready pack and brings the public address back."""

from xuanfa.adapters.manual.adapter import ManualAdapter
from xuanfa.adapters.manual.config import ManualConfig

__all__ = ["ManualAdapter", "ManualConfig"]
