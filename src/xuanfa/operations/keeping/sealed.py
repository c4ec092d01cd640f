"""Whether sealed months are as the history vouches for them."""

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.store import sealed_months


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
