"""Two people write in one post, in whatever order they open, type, keep and save: no word of theirs is ever lost."""

from dataclasses import dataclass, field
from itertools import count

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Clock, Workspace
from xuanfa.domain.act import AddUser
from xuanfa.domain.merging import Clash
from xuanfa.domain.person import Person
from xuanfa.domain.user import Role, Staff
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.accounts import add_user
from xuanfa.operations.writing.drafts import TEXT, Manuscript, begin, keep_draft, open_manuscript
from xuanfa.operations.writing.saving import Collided, save
from xuanfa.store import drafts, posts, revised

NAMES = ("wang", "zhou")
#: Who does it, what, and two numbers by which the place is chosen.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(("open", "add", "append", "before", "drop", "keep", "save", "save", "title")),
        st.integers(0, 50),
        st.sampled_from(("own", "other", "both")),
    ),
    min_size=6,
    max_size=24,
)
NUMBERS = count(1)


@pytest.fixture
def desk(workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("xuanfa.operations.people.passwords._hasher", lambda: cheap)
    desk = workspace.desk(clock)
    roles = frozenset({Role.ADMIN, Role.EDITOR, Role.PUBLISHER})
    for name in NAMES:
        by = Person(name="root") if name == "wang" else Person(name="wang", how="password")
        made = AddUser(user=name, display=name, roles=roles, staff=Staff.ESTABLISHED, password="correct horse battery")
        add_user(desk, made, by)
    return desk


@dataclass
class Page:
    """写稿, open before somebody: what stands in its fields, and from which text it was begun."""

    title: str
    paragraphs: list[str]
    mark: str
    sequence: int


@dataclass
class Room:
    """The post, and whoever is at it. ``written`` are the words that the server has taken from anybody, by a pause or by saving."""

    desk: Desk
    slug: str
    pages: dict[str, Page] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def page(self, name: str) -> Page:
        if name not in self.pages:
            self.pages[name] = self._opened(name)
        return self.pages[name]

    def _opened(self, name: str) -> Page:
        found: Manuscript = open_manuscript(self.desk, self.slug, _person(name))
        return Page(found.fields["title"], found.fields[TEXT].split("\n\n"), found.mark, found.sequence)

    def do(self, name: str, verb: str, place: int, choice: str) -> None:
        page, word = self.page(name), f"〔{name}{next(NUMBERS)}〕"
        at = place % len(page.paragraphs)
        match verb:
            case "open":
                self.keep(name)  # whoever leaves a page has it kept
                del self.pages[name]
            case "add":
                page.paragraphs.insert(at, word)
            case "append":
                page.paragraphs[at] += word
            case "before":
                page.paragraphs[at] = word + page.paragraphs[at]
            case "title":
                page.title += word
            case "drop" if len(page.paragraphs) > 2:
                self.keep(name)
                self.save(name, choice)  # what somebody takes out on purpose was in a revision
                page = self.page(name)
                del page.paragraphs[place % len(page.paragraphs)]
            case "keep":
                self.keep(name)
            case "save":
                self.save(name, choice)

    def keep(self, name: str) -> None:
        page = self.page(name)
        page.sequence += 1
        fields = {"title": page.title, TEXT: "\n\n".join(page.paragraphs)}
        keep_draft(self.desk, self.slug, _person(name), fields, mark=page.mark, sequence=page.sequence)
        self.written |= _words("".join(fields.values()))

    def save(self, name: str, choice: str) -> None:
        self.keep(name)
        found = save(self.desk, self.slug, _person(name))
        if isinstance(found, Collided):
            answers = [_chosen(each, choice) for each in found.clashes]
            found = save(self.desk, self.slug, _person(name), answers=answers, theirs=found.theirs)
            assert not isinstance(found, Collided)
        del self.pages[name]

    def everywhere(self) -> str:
        """All texts that anybody can come back to: the file, the revisions, the drafts."""
        with self.desk.store.read() as connection:
            known = posts.by_slug(connection, self.slug)
            assert known is not None
            kept = [*revised.sources_of(connection, known.id)]
            kept += [each.text for each in drafts.drafts_of_post(connection, self.slug)]
        file = self.desk.posts_folder / self.slug[:4] / f"{self.slug}.md"
        return "\n".join([*kept, file.read_text(encoding="utf-8")])


def _person(name: str) -> Person:
    return Person(name=name, how="password")


def _chosen(clash: Clash, choice: str) -> str:
    both = clash.mine.rstrip("\n") + "\n\n" + clash.theirs
    is_paragraph = (clash.mine or clash.theirs).endswith("\n\n")
    return clash.theirs if choice == "other" else both if choice == "both" and is_paragraph else clash.mine


def _words(text: str) -> set[str]:
    return {f"〔{each.partition('〕')[0]}〕" for each in text.split("〔")[1:]}


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_no_word_of_two_people_is_lost(desk: Desk, steps: list[tuple[str, str, int, str]]) -> None:
    """Merged, or both originals stand as revisions."""
    first = {"title": "题目", TEXT: "第一段。\n\n第二段。\n\n第三段。"}
    slug = begin(desk, _person("wang"), column="action", values=first)
    save(desk, slug, _person("wang"))
    room = Room(desk, slug)
    for step in steps:
        room.do(*step)
        assert room.written <= _words(room.everywhere()), (step, room.written - _words(room.everywhere()))
    for name in NAMES:
        room.save(name, "both")
    assert room.written <= _words(room.everywhere())
