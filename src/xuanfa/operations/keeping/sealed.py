"""Whether what is kept of months is right: sealed ones as the history vouches for them, sums as the receipts have them."""

from collections.abc import Iterator

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.operations.keeping.month_sums import sums_checked
from xuanfa.store import sealed_months


def months_checked(connection: sa.Connection) -> Iterator[dict[str, str]]:
    """Each of the two."""
    yield sealed_checked(connection)
    yield sums_checked(connection)


def sealed_checked(connection: sa.Connection) -> dict[str, str]:
    """What is checked, and what is wrong with it; empty where it holds."""
    found = list(sealed_months.altered(connection))
    trouble = say(
        "封存的 {months} 被改过。请从最近一份通得过检查的备份恢复",
        "changed: the sealed {months}. Restore the latest backup that verifies",
        months=say("、", ", ").join(found),
    )
    what = say("封存的月份与历史一致", "Sealed months are as the history vouches for them")
    return {"what": what, "trouble": trouble if found else ""}
