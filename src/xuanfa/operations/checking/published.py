"""What a rule would have stopped of what is out: asked before a rule is added, and after one was changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from xuanfa.checks.rules.engine import Engine
from xuanfa.domain.access import Veil
from xuanfa.domain.checking import Found
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.operations.checking.posts import check_rendition
from xuanfa.operations.desk import Desk
from xuanfa.store import access
from xuanfa.store.published import published_renditions


def what_if(desk: Desk, engine: Engine, rule: str, *, today: date, veil: Veil | None = None) -> Iterator[Found]:
    """The findings of one rule, or of one class, in everything that is published and not hidden. Raises ConfigError for a rule there is not."""
    known = engine.rules
    if rule not in known and rule not in {one.kind for one in known.values()}:
        raise ConfigError(
            say(
                "没有规则 {rule}：请写规则的 id（如 term.usage），或一个 class（如 term）。",
                "There is no rule {rule}: give a rule's id (term.usage) or a class (term).",
                rule=rule,
            )
        )
    only = replace(engine, only=rule)
    with desk.store.read() as connection:
        hidden = (veil or access.veil(connection)).slugs
        for slug, channel, rendition in published_renditions(connection):
            if slug in hidden:
                continue
            for one in check_rendition(only, rendition, when=today):
                yield replace(one, post=slug, channel=channel)
