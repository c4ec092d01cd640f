"""What columns and channels of the past are called: those of the settings, of the ledger, and those that a person names for this import."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from xuanfa.domain.errors import ConfigError, ContentError
from xuanfa.domain.language import say
from xuanfa.domain.named import both, id_of
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store import imported, names


@dataclass(slots=True)
class Names:
    """Ids with titles of one sort; ``unknown`` says that there is none of that name."""

    titles: Mapping[str, str]
    unknown: Callable[[str, str], str]
    _found: dict[str, str | None] = field(default_factory=dict)
    _why: dict[str, str] = field(default_factory=dict)

    def id_of(self, typed: str) -> str | None:
        """The id of what somebody calls so, by its id or its title; ``None`` where there is none, and ``why`` says why."""
        if typed not in self._found:
            try:
                self._found[typed] = id_of(typed, self.titles)
            except ConfigError as error:
                self._found[typed], self._why[typed] = None, str(error)
        return self._found[typed]

    def why(self, typed: str) -> str:
        """Why there is none, in a sentence."""
        return self._why.get(typed) or self.unknown(typed, both(self.titles))


def columns_of(desk: Desk, own: Iterable[str] = ()) -> Names:
    """The columns; ``own`` are those that a person names besides, as ``id=title``. Raises ContentError for what is no such pair."""
    with desk.store.read() as connection:
        ever = {id_: titles[-1] for id_, titles in names.all_names(connection).all_of("column").items()}
        brought, _ = imported.names_in(connection)
    titles = brought | ever | {each.id: each.title for each in desk.columns.values()} | _pairs(own)
    return Names(titles, _no_column)


def channels_of(desk: Desk, own: Iterable[str] = ()) -> Names:
    """The channels, likewise."""
    with desk.store.read() as connection:
        ever = {id_: titles[-1] for id_, titles in names.all_names(connection).all_of("channel").items()}
        _, brought = imported.names_in(connection)
    titles = brought | ever | {each.id: each.title for each in desk.channels.values()} | _pairs(own)
    return Names(titles, _no_channel)


def _no_column(typed: str, every: str) -> str:
    return say(
        "没有专栏“{typed}”：有 {all}。以前的专栏请另写明 id=名称（{named}）。",
        "There is no column {typed!r}: there are {all}. Name one of before as ID=TITLE ({named}).",
        typed=typed,
        all=every,
        named=Remedy("import_ledger", old_column=None),
    )


def _no_channel(typed: str, every: str) -> str:
    return say(
        "没有渠道“{typed}”：有 {all}。以前的渠道请另写明 id=名称（{named}）。",
        "There is no channel {typed!r}: there are {all}. Name one of before as ID=TITLE ({named}).",
        typed=typed,
        all=every,
        named=Remedy("import_ledger", old_channel=None),
    )


def _pairs(own: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in own:
        id_, mark, title = (part.strip() for part in pair.replace("＝", "=").partition("="))
        if not (id_ and mark and title) or len(id_) > _ID_MAX:
            raise ContentError(
                say(
                    "“{pair}”看不懂。请写成 id=名称，中间用等号。",
                    "Cannot read {pair!r}. Write ID=TITLE, with an equals sign.",
                    pair=pair,
                )
            )
        found[id_] = title
    return found


#: As long an id as the database keeps. Characters.
_ID_MAX = 100
