"""What an adapter is, what it is given, and what it promises.

An adapter is bound to one channel. It renders, checks, sends once and looks again. It never sleeps, retries, reads a clock or touches the
store: time, tries, pace and records belong to the core. What it may tell of an account besides (its list, its readers) stands with the data of it, in
``domain/past`` and ``domain/reader_marks``.
"""

import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, runtime_checkable

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

from xuanfa.adapters.shared.accounts import AccountName
from xuanfa.adapters.shared.wire.proxies import OWN, is_proxy
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.fault import Fault
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.outcome import Evidence, Outcome, Staging, Withdrawal
from xuanfa.domain.pacing import Limit, parse_limit
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is true of a kind, as data: screens, checks and the core read it, no code asks for a kind by name.

    ``title_max`` and ``body_max`` are in ``unit`` (bytes are UTF-8); ``None`` is no limit. ``replay`` is how long the channel honours our
    key: within it, and only then, the core sends again on its own after a doubt. ``confirms`` says that ``confirm`` can find a post.
    ``acts_on_half`` says that the channel may act on a request of which only the beginning arrived, so that this is doubt.
    """

    label: tuple[str, str]
    unit: Unit = "characters"
    title_max: int | None = None
    body_max: int | None = None
    limits: tuple[Limit, ...] = ()
    confirms: bool = False
    #: Whether covers or cards are drawn, for which the machine needs a Chinese typeface.
    draws: bool = False
    replay: timedelta | None = None
    acts_on_half: bool = False
    #: Where a person sees what the channel shows, or signs in to see it; empty where there is no one address.
    console: str = ""
    #: Whether readers get pages of a folder, in which an address without a host leads somewhere.
    own_pages: bool = False
    #: What is at the public address of a post for anybody: ``text``, the article as it was sent; ``script``, nothing without running scripts or
    #: signing in; ``unknown``, whatever is there; ``none``, there is no such address.
    public_page: Literal["text", "script", "unknown", "none"] = "unknown"
    #: Whether the platform wants to be told of what an AI has made, and has no field for it in its interface: a person declares it there.
    asks_for_ai: bool = False
    #: How often ``confirm`` may look for one delivery before only a person can tell; small where requests are counted by the day.
    looks_max: int = 40

    @property
    def name(self) -> str:
        """The kind's name for a reader: 网站, 企业微信."""
        return say(*self.label)


def _paces(value: Any) -> Any:
    """What was written, one or several, as limits."""
    return tuple(parse_limit(str(each)) for each in (value if isinstance(value, list | tuple) else (value,)))


def _given(value: Any) -> Any:
    """What was written; nothing where that is empty."""
    return None if value == "" else value


class AdapterConfig(BaseModel):
    """The settings of one channel; each adapter's own ``Config`` adds its keys. Unknown keys are errors with the nearest known name.

    Errors do not repeat what was given: it may be a secret.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    adapter: str
    title: str = ""
    rehearsal: bool = False
    #: Other names of the account, as ``xuanfa doctor`` gives them: where it only has another address now.
    formerly: tuple[str, ...] = ()
    #: ``20/minute`` and the like: in place of the kind's own limits, where this account has others.
    pace: Annotated[tuple[Limit, ...], BeforeValidator(_paces)] = ()
    #: How many requests to this account may be under way at once, over all machines.
    in_flight: Annotated[int, Field(ge=1)] | None = None
    #: A file with certificate authorities besides the system's; relative to the workspace.
    ca_file: str = ""
    #: ``http://user:password@host:port``, or ``socks5://``: through which every request goes; empty is as the environment says.
    proxy: SecretStr = SecretStr("")
    #: What goes wrong in the rehearsal, after the practice platform has taken a post (``unreachable``: before); ``None`` is nothing, as is an
    #: empty text.
    rehearsal_fault: Annotated[Fault | None, BeforeValidator(_given)] = None

    #: Which of ``ca_file`` and ``proxy`` a kind has a use for; one that is given in vain is refused.
    wired: ClassVar[frozenset[str]] = frozenset({"ca_file", "proxy"})

    @field_validator("proxy")
    @classmethod
    def _is_proxy(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not is_proxy(value.get_secret_value(), OWN):
            raise ValueError(
                say(
                    "proxy 应像 http://user:password@host:port，或以 socks5:// 开头（用户名、密码里的特殊字符写成 %XX）",
                    "proxy is written like http://user:password@host:port, or begins with socks5:// (special characters of the password "
                    "as %XX)",
                )
            )
        return value

    @model_validator(mode="after")
    def _wired_as_it_can_be(self) -> Self:
        for name in sorted({"ca_file", "proxy"} & self.model_fields_set - self.wired):
            raise ValueError(
                say("这种渠道用不到 {name}，请去掉", "this kind has no use for {name}; remove it", name=name)
            )
        return self

    @model_validator(mode="after")
    def _fault_is_rehearsed(self) -> Self:
        if self.rehearsal_fault and not self.rehearsal:
            raise ValueError(
                say(
                    "rehearsal_fault 只用于演练；请去掉它，或写 rehearsal = true",
                    "rehearsal_fault is for rehearsals only; remove it, or write rehearsal = true",
                )
            )
        return self


class Kit(Protocol):
    """What ``render`` may use: pure, no network, no clock. One kit is made for one post on one channel."""

    @property
    def organisation(self) -> Organisation:
        """The office that publishes."""

    @property
    def column(self) -> Column:
        """The post's column."""

    @property
    def channel(self) -> str:
        """The id of the channel that is rendered for."""

    @property
    def zone(self) -> tzinfo:
        """The zone in which times are shown to readers."""

    @property
    def html(self) -> str:
        """The body as sanitised HTML. The ``src`` of each of the post's pictures is as the post wrote it; see ``picture``."""

    @property
    def text(self) -> str:
        """The body as plain text: paragraphs parted by one empty line, list items with their marks."""

    @property
    def summary(self) -> str:
        """The summary as written, or whole sentences made from the text: at most 120 characters."""

    def fitted(self, picture: Picture, rule: PictureRule) -> Picture:
        """The picture as the channel takes it: converted, scaled, cropped and compressed as far as ``rule`` asks; itself where nothing is
        to be done. Nothing comes along but pixels, colours and marks of generated content (AIGC). The same input gives the same bytes.
        Raises ContentError where it cannot be done."""

    def cover(self, rule: PictureRule, *, theme: str = "") -> Picture:
        """The post's cover (or its first picture) fitted to ``rule``; drawn from the title in the theme's colours where it has neither."""

    def cards(self, *, theme: str = "") -> tuple[Picture, ...]:
        """The post as text cards, 1080 × 1920 PNG: title and summary first, then the body."""

    def template(self, name: str, /, **context: Any) -> str:
        """A template of this kind's folder (``templates/<kind>/<name>``), filled in.

        ``post``, ``column``, ``organisation``, ``channel``, ``html``, ``text``, ``link`` and ``linked`` are there already. A name that
        ends in ``.html`` or ``.xml`` is escaped. Raises TemplateError with file and line for an undefined name or a broken template.
        """

    def link(self, channel: str) -> str:
        """The late-bound address of the same post on ``channel``. Raises ContentError where the post does not go there."""

    def linked(self, channel: str) -> bool:
        """Whether the same post goes to ``channel``, so that ``link`` has an answer."""

    def shows(self, channel: str, picture: Picture) -> bool:
        """Whether the same post goes to ``channel`` and shows the picture there, in its text or as its cover."""


class Tools(Protocol):
    """What a bound adapter works with; given once, by bootstrap, for one worker thread."""

    @property
    def http(self) -> httpx.Client:
        """A client of this thread and channel: no redirects, no retries, all four timeouts set. Rehearsals get one wired to practice.

        Raises MachineError where none can be made; let it through, since the core knows then that nothing has left."""

    def proxied(self, url: httpx.URL) -> bool:
        """Whether a request of ``http`` for this address goes through a proxy, the channel's own or the environment's, which then looks
        the name up. Raises MachineError where that proxy cannot be used."""

    @property
    def tls(self) -> ssl.SSLContext:
        """Whom to believe, for a connection that is not HTTP: the system's authorities and those that the settings add."""

    @property
    def limit(self) -> float:
        """How long one exchange may take at most, from connecting to its last byte. Seconds."""

    @property
    def folder(self) -> Path:
        """The workspace, against which relative paths in settings are read."""

    def picture(self, picture: Picture) -> Path:
        """The file with the bytes of a rendition's picture, checked against their hash.

        Raises PictureGoneError (a ContentError) where it has gone missing and AlteredError where it was changed. An adapter asks for pictures
        before its irreversible request and lets AlteredError through: the core then knows that nothing has left, and holds the delivery.
        """

    def attachment(self, attachment: Attachment) -> Path:
        """The file with the bytes of a rendition's attachment, checked as a picture's are."""

    def template(self, name: str, /, **context: Any) -> str:
        """A template of this kind's folder, filled in when the post leaves: for what no single post can know, such as a list of posts.

        Found, overridden and escaped as in ``Kit.template``, but only ``context`` is there. Raises ContentError likewise.
        """

    def remember(self, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        """The value kept under ``name`` for this channel, shared by all processes; made under a lock, by one of them, where there is none
        or its life has ended. For access tokens and remote handles of staged media. Values are secrets: they are never shown."""

    def recall(self, name: str) -> str | None:
        """The living value kept under ``name``, without making one."""

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        """Keep a value in place of an earlier one, in one transaction (a rotated refresh token); ``None`` is for ever."""

    def forget(self, name: str, value: str) -> None:
        """Drop ``name`` if it still holds ``value`` (a token that the channel refused), so that the next ``remember`` makes a new one."""


@runtime_checkable
class Adapter(Protocol):
    """One sort of destination. Every kind passes the contract suite in ``tests/contract``.

    What may come out: ``render`` and ``check`` are pure; an exception there is a blocking finding. ``publish`` makes exactly one irreversible
    request; an exception there is Unknown. ``confirm`` is read-only and may be repeated; an exception there is Unknown.
    """

    kind: ClassVar[str]
    Config: ClassVar[type[AdapterConfig]]
    #: What the class says; an instance may narrow it by its own settings.
    traits: Traits

    def __init__(self, config: Any, tools: Tools) -> None: ...

    @property
    def budget(self) -> str:
        """Names what shares this channel's pace: an account or a robot, never a secret itself."""

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The post as this channel will get it, frozen."""

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """What is wrong with it, before anyone sees it: limits, empty bodies, pictures that the channel refuses."""

    def publish(self, order: Order) -> Outcome:
        """Send it: one irreversible request."""

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """Look whether it is there; ``ticket`` is what Accepted carried."""

    def diagnose(self) -> Sequence[Finding]:
        """For ``xuanfa doctor``: reach the channel without publishing anything and say what is wrong. Empty is well."""


@runtime_checkable
class Stages(Protocol):
    """Uploads and drafts ahead of ``publish``: repeatable, nothing public. An exception there is Unsent."""

    def stage(self, order: Order) -> Staging:
        """Prepare, and return what to remember; ``order.staged`` is what an earlier try remembered."""


@runtime_checkable
class Retracts(Protocol):
    """Taking a post back."""

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        """Withdraw it. Withdrawing what is gone already is Retracted.

        Of one that was accepted and is not public yet, ``receipt`` holds the ticket as its ``remote_id`` and nothing else.
        """


@runtime_checkable
class Corrects(Protocol):
    """Changing what is out, in its place: never a second publication."""

    def corrected(self, rendition: Rendition) -> Rendition | None:
        """The rendition as it is to leave as a correction, frozen so; ``None`` where this channel, as it is set, cannot tell one from a
        new post."""

    def correct(self, order: Order, receipt: Receipt) -> Outcome:
        """Put it in the place of what ``receipt`` names. May be repeated; where that is not there, nothing is made anew."""


@runtime_checkable
class TellsSteps(Protocol):
    """A kind that knows what a person does there to take a post down."""

    def steps_of_takedown(self) -> Sequence[str]:
        """Sentences in order, without numbers, between opening the place and entering that it is done."""


@runtime_checkable
class Previews(Protocol):
    """A kind whose rendition is best looked at as more than one file (a page with its style). Others get their body as a file."""

    def preview(self, order: Order, folder: Path) -> Path:
        """Write into ``folder`` what a reader would see, and return the file to open. Nothing leaves."""


@runtime_checkable
class TellsLengths(Protocol):
    """A kind that counts otherwise than by ``traits``: whoever writes sees it while they write."""

    def lengths(self, rendition: Rendition) -> Sequence[Length]:
        """Each part that its platform bounds, in the unit that it counts in. Pure; raises nothing for a rendition of its own."""


@runtime_checkable
class SignsIn(Protocol):
    """A kind that a person signs in to in a browser (OAuth2), for ``xuanfa channels login``."""

    @property
    def redirect_uri(self) -> str:
        """The registered callback; a loopback one is listened to, any other is pasted from the browser's address."""

    def authorise_address(self, state: str) -> str:
        """Where the person goes; ``state`` comes back with the code."""

    def sign_in(self, code: str) -> Sequence[Finding]:
        """Trade the code for tokens and keep them. What went wrong, or what to know (when it ends)."""


@runtime_checkable
class KnowsAddresses(Protocol):
    """A kind that can tell whether an address that a person gives may be one of its own."""

    def address_problem(self, address: str) -> str:
        """What is wrong with it (another domain), for the person who pasted it; empty where nothing is."""


@runtime_checkable
class NamesAccount(Protocol):
    """A kind that says where it sends. What was sent is bound to it: looks, repeats and withdrawals count for the same account only.

    Of a kind that does not, the budget and the host of ``base_url`` are taken.
    """

    @property
    def account(self) -> AccountName:
        """Host with path, and the account there. The same for another token, password, template, title or pace."""


@runtime_checkable
class KeepsFiles(Protocol):
    """A kind that writes into a folder what cannot be made again from the database, so that a backup takes it too."""

    @property
    def kept_in(self) -> Path:
        """The folder, absolute; it need not exist yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """Something that a destination had published: the post by its slug, and when."""

    post: str
    at: datetime


@runtime_checkable
class Remembers(Protocol):
    """A kind whose destination can itself tell, on this machine and without a request, which posts it was given: so that a lost database does
    not bring them there again."""

    def remembered(self, channel: str) -> Sequence[Remembered]:
        """What the channel of this id was given, withdrawn or not. Reads only. Raises XuanfaError where it cannot tell."""


@runtime_checkable
class TurnsGrey(Protocol):
    """A kind whose pages turn grey in a solemn period, all at once, while what was approved stays as it is."""

    def turn_grey(self, *, on: bool) -> str:
        """Turn them grey, or back; doing it twice changes nothing. What stood in the way, for people; empty where it is done, or where nothing
        was published yet."""


#: Where readers find a post's attachments: on its public page, or in the message or pack itself.
Carrying = Literal["page", "message"]


@runtime_checkable
class CarriesAttachments(Protocol):
    """A kind that brings the attachments of a post to its readers; they stand in the rendition's ``extra`` (``domain.attachment``)."""

    carries_attachments: ClassVar[Carrying]


def carries(adapter: Adapter) -> Carrying | None:
    """How it brings them; ``None`` where it cannot."""
    return adapter.carries_attachments if isinstance(adapter, CarriesAttachments) else None


#: The kinds by name, for the registry and for those that list them.
Kinds = Mapping[str, type[Adapter]]
