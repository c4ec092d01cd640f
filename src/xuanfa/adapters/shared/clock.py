"""Our clock against a platform's: signatures, token lives and publishing times rest on it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.moments import from_mail

#: Beyond this difference publishing times and token lives can no longer be trusted.
SKEW_MAX = timedelta(minutes=2)


def clock_off(headers: Mapping[str, str], kind: str) -> tuple[Finding, ...]:
    """Whether the ``Date`` of an answer that has just come differs from our clock; nothing where the platform tells no time."""
    theirs = from_mail(headers.get("date", ""))
    difference = timedelta(0) if theirs is None else datetime.now(UTC) - theirs
    if abs(difference) <= SKEW_MAX:
        return ()
    message = say(
        "本机时钟与平台相差 {seconds} 秒，发布时间会不准，签名和令牌可能被拒。请打开时间同步（timedatectl set-ntp true）。",
        "This machine's clock is {seconds} seconds off the platform's: publishing times are wrong, and signatures and tokens may be refused. "
        "Switch time synchronisation on (timedatectl set-ntp true).",
        seconds=round(difference.total_seconds()),
    )
    return (Finding(code=f"{kind}.clock", message=message),)
