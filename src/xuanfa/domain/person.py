"""A person (人): whoever decides something, by name, and what they sign."""

from dataclasses import dataclass

#: How a person is known who uses the machine's account: nobody has asked for more.
MACHINE = "machine"
#: The same of a user of the workspace, by what they have shown.
PASSWORD, TOKEN = "password", "token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Under a line of the history: who decided, by which act, how they were known, and from where."""

    name: str
    act: str
    how: str
    place: str


#: Who has caused a line of the history: a node by its name, or a person by what they signed.
Actor = str | Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who decides, and why; ``how`` they were known, and from which ``place``: the account and the machine, empty where nobody said.

    ``name`` is the login name of a user, or that of the machine's account. ``scopes`` bound what a token allows; ``None``: nothing does.
    """

    name: str
    why: str = ""
    how: str = MACHINE
    place: str = ""
    scopes: frozenset[str] | None = None

    def signs(self, act: str) -> Signature:
        """The signature under an act, which is named by its verb."""
        return Signature(name=self.name, act=act, how=self.how, place=self.place)


def name_of(actor: Actor) -> str:
    """The name alone."""
    return actor if isinstance(actor, str) else actor.name
