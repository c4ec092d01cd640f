"""Days and spans in words. Pure."""

from datetime import datetime, timedelta
from typing import Final

from xuanfa.domain.language import say

_WEEKDAYS: Final = ("一", "二", "三", "四", "五", "六", "日")
_ENGLISH: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NEAR: Final = {0: ("今天", "today"), 1: ("明天", "tomorrow"), -1: ("昨天", "yesterday")}
_MINUTES_AN_HOUR, _HOURS_A_DAY = 60, 24


def weekday(moment: datetime) -> str:
    """周一."""
    return say(f"周{_WEEKDAYS[moment.weekday()]}", _ENGLISH[moment.weekday()])


def today_in_words(now: datetime) -> str:
    """12月7日 星期一."""
    return say(f"{now.month}月{now.day}日 星期{_WEEKDAYS[now.weekday()]}", f"{now:%A} {now.day} {now:%B}")


def day_in_words(moment: datetime, now: datetime) -> str:
    """The day of ``moment``, both in the same zone: with the year where it is another one."""
    near = _NEAR.get((moment.date() - now.date()).days)
    if near:
        return say(*near)
    month = say(f"{moment.month}月{moment.day}日（{weekday(moment)}）", f"{weekday(moment)} {moment.day} {moment:%b}")
    return month if moment.year == now.year else say(f"{moment.year}年{month}", f"{month} {moment.year}")


def left_in_words(span: timedelta) -> str:
    """How long until then, or since: to the minute within the day."""
    minutes = abs(int(span.total_seconds()) // _MINUTES_AN_HOUR)
    hours, minutes = divmod(minutes, _MINUTES_AN_HOUR)
    days, hours = divmod(hours, _HOURS_A_DAY)
    if days:
        words = say(f"{days} 天", f"{days} d") + (say(f" {hours} 小时", f" {hours} h") if hours else "")
    elif hours:
        words = say(f"{hours} 小时", f"{hours} h") + (say(f" {minutes} 分钟", f" {minutes} min") if minutes else "")
    else:
        words = say(f"{minutes} 分钟", f"{minutes} min")
    return (
        say("还有 {words}", "in {words}", words=words)
        if span > timedelta(0)
        else say("过了 {words}", "{words} ago", words=words)
    )
