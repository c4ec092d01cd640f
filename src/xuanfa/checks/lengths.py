"""How long the parts of a rendition count at its channel: a kind says so itself where its traits do not."""

from collections.abc import Sequence
from typing import Final

from xuanfa.adapters.protocol import Adapter, TellsLengths
from xuanfa.checks.limits import measure
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.rendition import Rendition

#: A bound of more than this is worth a word only where a text comes near it.
_LARGE: Final = 5_000


def lengths_of(adapter: Adapter, rendition: Rendition) -> Sequence[Length]:
    """What is counted of it, as a reader of the counters needs it: title first."""
    if isinstance(adapter, TellsLengths):
        found = adapter.lengths(rendition)
    else:
        traits = adapter.traits
        parts = ((say("标题", "title"), rendition.title, traits.title_max), ("", rendition.body, traits.body_max))
        found = [
            Length(what=what, n=measure(text, traits.unit), most=most, unit=traits.unit)
            for what, text, most in parts
            if most is not None
        ]
    return [each for each in found if each.most <= _LARGE or each.mark]
