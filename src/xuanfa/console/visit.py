"""A visit: one request as a page sees it, and the ways in that a page has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from xuanfa.domain.access import Veil, Viewer
from xuanfa.domain.own import Own, contributes_only
from xuanfa.domain.person import Person
from xuanfa.domain.user import Role
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.sessions import Session

if TYPE_CHECKING:
    from xuanfa.console.house import House

#: Who may enter. Nobody has to be signed in; whoever is signed in; whoever decides what is sent; administrators.
EVERYBODY: Final[frozenset[Role] | None] = None
ANY_ROLE: Final = frozenset(Role)
SENDERS: Final = frozenset({Role.PUBLISHER, Role.APPROVER, Role.ADMIN})
EDITORS: Final = frozenset({Role.EDITOR, Role.PROOFREADER, Role.PUBLISHER, Role.APPROVER, Role.REVIEWER, Role.SECRECY})
ADMINISTRATORS: Final = frozenset({Role.ADMIN})
#: Bytes of a form, and of one with pictures or Word files.
FORM_MAX: Final = 1_000_000
UPLOAD_MAX: Final = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request. ``session`` is ``None`` for whoever is not signed in, which only ways for ``EVERYBODY`` see."""

    desk: Desk
    house: "House"
    request: Request
    session: Session | None
    form: FormData
    now: datetime

    @property
    def me(self) -> Session:
        """Who is signed in."""
        if self.session is None:
            raise TypeError("a way for everybody has no person")
        return self.session

    @property
    def place(self) -> str:
        """From where."""
        return place_of(self.request)

    @property
    def viewer(self) -> Viewer:
        """Who looks, for lists of readers."""
        return Viewer(self.me.user.name, self.me.user.roles)

    def veil(self) -> Veil:
        """What is hidden from whoever looks (限阅)."""
        from xuanfa.operations.restricting.rule import veil_of  # noqa: PLC0415

        return veil_of(self.desk, self.me.person())

    @property
    def sees_all(self) -> bool:
        """Whether everybody's posts are open to the person: not to contributors, nor to whoever is outsourced, whatever roles they have."""
        return self.may(SENDERS | EDITORS) and not contributes_only(self.me.user)

    def own(self) -> Own | None:
        """Of a contributor, whose posts are all that they see; ``None`` for whoever sees everybody's."""
        from xuanfa.operations.restricting.own import only_own  # noqa: PLC0415

        return None if self.sees_all else only_own(self.desk, self.me.person())

    def person(self, why: str = "") -> Person:
        """Who decides."""
        return self.me.person(why)

    def may(self, roles: frozenset[Role]) -> bool:
        """Whether the person has one of the roles."""
        return self.session is not None and bool(self.session.user.roles & roles)

    def field(self, name: str) -> str:
        """A field of the form, without white space around it; empty where there is none."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def raw(self, name: str) -> str:
        """The same as it was typed, lines ended as the house ends them: browsers send CRLF."""
        value = self.form.get(name, "")
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""

    def fields(self, name: str) -> list[str]:
        """All fields of that name."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """The files of that name."""
        return [value for value in self.form.getlist(name) if isinstance(value, UploadFile) and value.filename]

    def query(self, name: str) -> str:
        """A value of the address; empty where there is none."""
        return self.request.query_params.get(name, "").strip()

    def way_back(self) -> str:
        """Where to go when it is done, as ``then`` says: a path of this site, else the desk; never another site."""
        path = self.field("then") or self.query("then")
        parts = urlsplit(path)
        is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
        return path if is_ours and path.isprintable() else "/"

    def part(self) -> str:
        """The one block of the page that the script asks for; empty for a whole page."""
        return self.request.headers.get("x-part", "")

    @property
    def names(self) -> Mapping[str, str]:
        """What stands in the path."""
        found: Mapping[str, str] = self.request.path_params
        return found


Handler = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way in: who may do what where. ``most`` bounds the form, in bytes, and ``too_large`` says that it is more than that; ``beat``: such a request
    is no sign that somebody is there."""

    method: str
    path: str
    to: Handler
    who: frozenset[Role] | None = ANY_ROLE
    most: int = FORM_MAX
    beat: bool = False
    too_large: Callable[[int], str] | None = None


def get(path: str, to: Handler, who: frozenset[Role] | None = ANY_ROLE, *, beat: bool = False) -> Way:
    """A page."""
    return Way(method="GET", path=path, to=to, who=who, beat=beat)


def post(
    path: str,
    to: Handler,
    who: frozenset[Role] | None = ANY_ROLE,
    *,
    most: int = FORM_MAX,
    too_large: Callable[[int], str] | None = None,
) -> Way:
    """A change."""
    return Way(method="POST", path=path, to=to, who=who, most=most, too_large=too_large)


def place_of(request: Request) -> str:
    """The address of whoever asks, as far as the server was told."""
    return request.client.host if request.client else ""


def ago(now: datetime, then: datetime) -> timedelta:
    """How long ago; nothing where clocks disagree."""
    return max(now - then, timedelta(0))
