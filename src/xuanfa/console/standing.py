"""How a delivery stands, on the pages: its picture and its words, why it stands so, and what is to be done about it first."""

from dataclasses import dataclass

from xuanfa.console.words import state_class
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.reports.listing import DeliveryRow


@dataclass(frozen=True, slots=True)
class Look:
    """The class of the styles, which names the picture, and the words beside it."""

    of: str
    words: str


def look_of(row: DeliveryRow) -> Look:
    """``accepted`` is said in two ways: the platform looks at it, or a person takes the last step."""
    if row.is_handed_over:
        return Look("hand", say("等人发布", "waits for a person"))
    if row.state is State.ACCEPTED:
        return Look("accepted", say("平台审核", "at the platform"))
    return Look(state_class(row.state), row.state.label)


def verb_of(row: DeliveryRow) -> str:
    """What its button in a list says: the first thing to be done about it."""
    if row.is_handed_over:
        return say("登记网址", "Enter its address")
    words = {
        State.UNKNOWN: ("去核实", "Settle it"),
        State.HELD: ("看一眼", "Look at it"),
        State.REJECTED: ("看原因", "See why"),
        State.FAILED: ("看原因", "See why"),
        State.RETRACTING: ("去撤下", "Take it down"),
    }
    return say(*words.get(row.state, ("看", "See")))


def address_of(row: DeliveryRow) -> str:
    """Where that is done."""
    if row.state is State.RETRACTING:
        return f"/posts/{row.post}/withdraw"
    return f"/deliveries/{row.id}/doubt" if row.state is State.UNKNOWN else f"/deliveries/{row.id}"
