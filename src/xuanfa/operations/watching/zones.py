"""Zones: what another ``timezone`` in the settings means for what is queued. Moments stay; only how they are read and shown is another."""

from collections.abc import Iterator
from dataclasses import dataclass

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store import posts


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """What changed, and what that means, in words for the operator."""

    what: str
    meaning: str

    @property
    def sentence(self) -> str:
        """Both."""
        return say("{what}：{meaning}", "{what}: {meaning}", what=self.what, meaning=self.meaning)


def zone_changes(desk: Desk) -> Iterator[ZoneChange]:
    """One for each zone in which times were read that are still to come, and that is not the settings' any more."""
    zone = str(desk.zone)
    with desk.store.read() as connection:
        found = posts.planned_in_other_zones(connection, zone, desk.clock())
    for before, count in found:
        yield ZoneChange(
            say("时区由 {a} 改为 {b}", "the time zone was {a} and is {b}", a=before, b=zone),
            say(
                "已排入的 {n} 条时间不变，仍在原来的时刻发布；要改请用 {reschedule}，或改稿件里的时间再保存",
                "the times of {n} queued deliveries stay: they go out at the same moment as before; to change them, run {reschedule_it}, or "
                "change the time in the post and save it",
                n=count,
                reschedule=Remedy("reschedule", at=None),
                reschedule_it=Remedy("reschedule"),
            ),
        )
