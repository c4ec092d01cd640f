"""Who stands under a line of the history, as it is stored."""

from xuanfa.domain.person import Actor, Signature


def signed(actor: Actor) -> dict[str, str | None]:
    """A node by its name alone, a person with what they signed."""
    if isinstance(actor, Signature):
        return {"actor": actor.name, "act": actor.act, "how": actor.how, "place": actor.place}
    return {"actor": actor, "act": None, "how": None, "place": None}
