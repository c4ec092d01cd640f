"""How the events of webhooks are called by people; programs know them by their own names."""

from typing import Final

from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.webhook import EVENTS

#: Patterns that stand for many.
MANY: Final = ("*", "delivery.*", "post.*")
_NAMES: Final = {
    "*": ("全部", "everything"),
    "delivery.*": ("投递的每次变化", "each move of a delivery"),
    "post.*": ("审校的每次变化", "each step of a review"),
    "post.submitted": ("送审", "submitted"),
    "post.step_approved": ("一步审核通过", "a step is approved"),
    "post.approved": ("审核全部通过", "approved"),
    "post.returned": ("退回", "returned"),
    "post.confirmed": ("电话同意已补确认", "a consent by telephone is confirmed"),
    "post.emergency": ("先发后审", "out before its review"),
    "post.recalled": ("收回签发", "recalled"),
    "post.changed": ("改动，审核失效", "changed"),
    "post.expired": ("审核过期", "expired"),
    "post.moved": ("改时间，末步重审", "moved"),
    "webhook.test": ("试送", "a test"),
}


def event_name(event: str) -> str:
    """An event or a pattern of events in words; what nobody has named stands as it is."""
    kind, _, what = event.partition(".")
    state = next((each for each in State if each.value == what), None)
    if kind == "delivery" and state is not None:
        return say("投递：{state}", "delivery: {state}", state=state.label)
    return say(*_NAMES.get(event, (event, event)))


def choices() -> tuple[str, ...]:
    """Everything that a receiver may be told, the patterns first."""
    return (*MANY, *EVENTS)
