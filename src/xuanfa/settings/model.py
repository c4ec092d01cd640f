"""What can be set, with its defaults and its bounds.

The keys of ``[channels.ID]`` beyond ``adapter``, ``title`` and ``rehearsal`` belong to the adapter, whose own ``Config`` checks them; here they
stay as they were read. They may hold secrets, so that nothing of them is in the ``repr``.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.freshness import Watched
from xuanfa.domain.looking import Looking
from xuanfa.domain.pacing import Budget, parse_limit
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.scoring import Level
from xuanfa.domain.session_span import SessionSpan
from xuanfa.domain.silence import Silence
from xuanfa.domain.timetable import parse_timetable
from xuanfa.domain.webhook import Endpoint
from xuanfa.settings.freshness import Clock, FreshnessTable, WrittenCycle, clock_of
from xuanfa.settings.review import ReviewTable
from xuanfa.settings.scoring import ScoringTable
from xuanfa.settings.silent import Ids, SilentTable
from xuanfa.settings.webhooks import WebhookTable

#: Ids appear in addresses of the website and, in capitals, in the names of environment variables; the database keeps so much of them.
ID_PATTERN = r"^[a-z][a-z0-9_]{0,59}$"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PydanticCustomError("timezone", "{name}", {"name": name}) from error
    return name


def _rules(rules: tuple[str, ...]) -> tuple[str, ...]:
    try:
        parse_timetable(rules)
    except ConfigError as error:
        raise PydanticCustomError("timetable", "{words}", {"words": str(error)}) from error
    return rules


def _limits(limits: tuple[str, ...]) -> tuple[str, ...]:
    try:
        for limit in limits:
            parse_limit(limit)
    except ValueError as error:
        raise PydanticCustomError("pace", "{words}", {"words": str(error)}) from error
    return limits


def _domain_name(name: str) -> str:
    if name and not re.fullmatch(r"[\w.-]+(:\d+)?", name):
        raise PydanticCustomError("domain_name", "not a domain name")
    return name


def _site_id(code: str) -> str:
    if code and not re.fullmatch(r"[0-9A-Za-z]{10}", code):
        raise PydanticCustomError("site_id", "not ten letters or digits")
    return code


def _database(url: str, info: ValidationInfo) -> str:
    """The address, with SQLite's relative path made absolute against the workspace. A database in memory would forget what was sent."""
    scheme, colon, rest = url.partition("://")
    if not colon or scheme.partition("+")[0] not in {"sqlite", "postgresql"}:
        raise PydanticCustomError("database_url", "not an address of a database")
    if not scheme.startswith("sqlite"):
        return url
    path, mark, query = rest.removeprefix("/").partition("?")
    if not rest.startswith("/") or path in {"", ":memory:"}:
        raise PydanticCustomError("database_file", "no file")
    return f"{scheme}:///{info.data['folder'] / path}{mark}{query}"


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str | dict) else value


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without blanks around them, each once."""
    found = tuple(name.strip() for name in names)
    if not all(found) or len(set(found)) < len(found):
        raise PydanticCustomError("departments", "empty or twice")
    return found


Id = Annotated[str, Field(pattern=ID_PATTERN)]


class Table(BaseModel):
    """A table of the settings file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class OrganisationTable(Table):
    """``[organisation]``: the office that publishes."""

    name: str = ""
    site_name: str = ""
    site_domain: Annotated[str, AfterValidator(_domain_name)] = ""
    site_id_code: Annotated[str, AfterValidator(_site_id)] = ""
    departments: Annotated[tuple[str, ...], BeforeValidator(_one_or_many), AfterValidator(_distinct)] = ()
    authors: Annotated[tuple[str, ...], BeforeValidator(_one_or_many), AfterValidator(_distinct)] = ()


class ColumnTable(Table):
    """``[columns.ID]``: one editorial series."""

    title: Annotated[str, Field(min_length=1)]
    campaign: str = ""
    description: str = ""
    form: Literal["", "stories", "notices"] = ""
    channels: Ids = ()
    timetable: Annotated[tuple[str, ...], BeforeValidator(_one_or_many), AfterValidator(_rules)] = ()
    review: str = ""
    cycle: WrittenCycle = ""


class PublishTable(Table):
    """``[publish]``: how the work is done. The names carry their units."""

    in_flight: Annotated[int, Field(ge=1, le=500)] = 20
    max_tries: Annotated[int, Field(ge=1, le=100)] = 5
    scan_seconds: Annotated[int, Field(ge=1, le=86_400)] = 30
    still_seconds: Annotated[int, Field(ge=0, le=3_600)] = 5
    lease_seconds: Annotated[int, Field(ge=1, le=86_400)] = 120
    request_seconds: Annotated[int, Field(ge=1, le=120)] = 120
    correction_note: Annotated[str, Field(max_length=200)] = ""
    repeat_days: Annotated[int, Field(ge=1, le=92)] = 35


class PaceTable(Table):
    """``[pace.ID]``: what several channels share, such as an application with several accounts."""

    limits: Annotated[tuple[str, ...], BeforeValidator(_one_or_many), AfterValidator(_limits)] = ()
    in_flight: Annotated[int, Field(ge=1)] | None = None
    channels: Ids = ()


class AlarmsTable(Table):
    """``[alarms]``: who is told of what waits for a person. The addresses hold secrets."""

    targets: Annotated[tuple[SecretStr, ...], BeforeValidator(_one_or_many)] = ()
    quiet_minutes: Annotated[int, Field(ge=0, le=10_080)] = 10
    nothing_published_days: Annotated[int, Field(ge=0, le=3_650)] = 14
    digest_at: Clock = "08:30"


class ProofTable(Table):
    """``[proof]``: when the public pages of what is out are looked at."""

    enabled: bool = True
    first_after_minutes: Annotated[int, Field(ge=0, le=1_440)] = 2
    nightly: Clock = "02:00"
    screenshots: bool = True
    #: The browser that takes them, where it is not found by its usual names.
    browser: str = ""

    @property
    def looking(self) -> Looking:
        """As the domain knows it."""
        return Looking(
            on=self.enabled,
            first_after=timedelta(minutes=self.first_after_minutes),
            nightly=clock_of(self.nightly),
            screenshots=self.screenshots,
        )


class SignInTable(Table):
    """``[sign_in]``: how long somebody who has signed in to the console is known."""

    idle_minutes: Annotated[int, Field(ge=5, le=720)] = 30
    whole_hours: Annotated[int, Field(ge=1, le=72)] = 12

    @property
    def span(self) -> SessionSpan:
        """As the domain knows it."""
        return SessionSpan(idle=timedelta(minutes=self.idle_minutes), whole=timedelta(hours=self.whole_hours))


class CheckTable(Table):
    """``[check]``: what the rules for texts have to know of the office."""

    own_lines: Annotated[tuple[str, ...], BeforeValidator(_one_or_many)] = ()
    foreign_hosts: Annotated[tuple[str, ...], BeforeValidator(_one_or_many)] = ()
    list_key: SecretStr | None = None
    #: The second reader's language model, where it does not lie where Debian's package puts it; relative to the workspace.
    model: str = ""


class Settings(BaseSettings):
    """Everything that is set for one workspace, checked; made by ``load``."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, case_sensitive=True)

    #: The workspace, absolute. Given, not set.
    folder: Path
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    #: May hold a password, hence not in the repr. The path of SQLite is absolute here, whatever was written.
    database_url: Annotated[str, Field(repr=False, validate_default=True), AfterValidator(_database)] = (
        "sqlite:///var/xuanfa.db"
    )
    late_after_minutes: Annotated[int, Field(ge=1, le=525_600)] = 120
    #: Certificate authorities besides the system's, for every channel; relative to the workspace.
    ca_file: str = ""
    organisation: OrganisationTable = OrganisationTable()
    columns: dict[Id, ColumnTable] = {}
    channels: Annotated[dict[Id, dict[str, Any]], Field(repr=False)] = {}
    publish: PublishTable = PublishTable()
    pace: dict[Id, PaceTable] = {}
    alarms: AlarmsTable = AlarmsTable()
    freshness: FreshnessTable = FreshnessTable()
    scoring: dict[Id, ScoringTable] = {}
    review: ReviewTable = ReviewTable()
    check: CheckTable = CheckTable()
    proof: ProofTable = ProofTable()
    sign_in: SignInTable = SignInTable()
    webhooks: dict[Id, WebhookTable] = {}
    silent: Annotated[tuple[SilentTable, ...], BeforeValidator(_one_or_many)] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Our own layers, best first, in place of the library's: ours know the file, line or variable of each value, for the messages."""
        given = init_settings()
        layers = (InitSettingsSource(settings_cls, layer) for layer in reversed(given.get("layers", ())))
        return (InitSettingsSource(settings_cls, {"folder": given["folder"]}), *layers)

    @property
    def posts_folder(self) -> Path:
        """Where staff put posts."""
        return self.folder / "posts"

    @property
    def template_folder(self) -> Path:
        """The workspace's own templates, which go before the shipped ones; it need not exist."""
        return self.folder / "templates"

    @property
    def var_folder(self) -> Path:
        """What the program keeps for itself: the database, pictures, previews."""
        return self.folder / "var"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are read and shown."""
        return ZoneInfo(self.timezone)

    @property
    def office(self) -> Organisation:
        """``[organisation]`` as the domain knows it."""
        return Organisation(**self.organisation.model_dump())

    @cached_property
    def all_columns(self) -> Mapping[str, Column]:
        """``[columns.ID]`` as the domain knows them, by id, in the order of the file."""
        return {
            id_: Column(
                **(table.model_dump(exclude={"cycle"}) | {"id": id_, "timetable": parse_timetable(table.timetable)})
            )
            for id_, table in self.columns.items()
        }

    @cached_property
    def watched(self) -> Watched:
        """``[freshness]`` with the cycles of the columns, as the domain knows it."""
        columns = {id_: (table.title, table.form, table.cycle) for id_, table in self.columns.items()}
        return self.freshness.watched(self.alarms.nothing_published_days, columns)

    @cached_property
    def budgets(self) -> tuple[Budget, ...]:
        """``[pace.ID]`` as the domain knows it."""
        return tuple(
            Budget(
                name=f"shared:{id_}",
                limits=tuple(map(parse_limit, table.limits)),
                in_flight=table.in_flight,
                channels=table.channels,
            )
            for id_, table in self.pace.items()
        )

    @cached_property
    def reviews(self) -> ReviewPolicy:
        """``[review]`` with the words of the columns, as the domain knows it."""
        return self.review.policy({id_: table.review for id_, table in self.columns.items() if table.review})

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """``[scoring.ID]`` as the domain knows it, in the order of the file; none: nothing is scored."""
        return tuple(table.level(id_) for id_, table in self.scoring.items())

    @cached_property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """``[webhooks.ID]`` as the domain knows it, by id; none: nobody is told."""
        return {id_: table.endpoint(id_) for id_, table in self.webhooks.items()}

    @cached_property
    def silences(self) -> tuple[Silence, ...]:
        """``[[silent]]`` as the domain knows it. Raises ValueError for a period that ``load`` has refused."""
        return tuple(table.silence(self.zone) for table in self.silent)
