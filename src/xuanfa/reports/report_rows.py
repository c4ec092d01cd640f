"""The list of publications in a report: the ledger's own rows, of which a document and a page show some columns."""

from typing import Final

from xuanfa.documents.spreadsheets.writing import Value
from xuanfa.domain.report import Head
from xuanfa.reports.ledger_files import HEADS

#: What a document shows, each as wide as it is beside the others, and to which side it stands.
_FEW: Final = (
    Head("序号", 4, "right"),
    Head("发布日期", 8, "center"),
    Head("标题", 18),
    Head("栏目", 9),
    Head("渠道", 8),
    Head("供稿部门", 9),
    Head("作者", 5),
    Head("状态", 5, "center"),
)
_NAMES: Final = [head.name for head in HEADS]
_AT: Final = [_NAMES.index(head.name) for head in _FEW]


def few_heads() -> tuple[Head, ...]:
    """The columns that a document has."""
    return _FEW


def few_of(row: list[Value]) -> list[Value]:
    """Of a whole row, what a document shows."""
    return [row[at] for at in _AT]
