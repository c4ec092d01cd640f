"""Who wrote a post, and whether there is anybody who can hold each step of its review. Pure."""

from collections.abc import Collection, Sequence

from xuanfa.domain.byline import BETWEEN
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.review import Level, Step
from xuanfa.domain.reviewing import Member, Members, is_able, may_combine
from xuanfa.domain.user import login_name


def authors_of(named: Collection[str], members: Members) -> frozenset[str]:
    """The users whom a post names as its authors, by login name or by the name as it is printed."""
    words = {word for text in named for word in (text, *BETWEEN.split(text)) if word}
    names = {login_name(word) for word in words}
    return frozenset(user.name for user in members.values() if user.name in names or user.display in words)


def nobodys_steps(steps: Sequence[Step], level: Level, members: Members, authors: Collection[str]) -> list[int]:
    """The numbers of steps that nobody can hold: nobody who may decide has the role, or only the authors do, or those who have it are
    needed elsewhere."""
    able = [user for user in members.values() if is_able(user) and user.name not in authors]
    seats = _Seats(level, able)
    return [number for number, step in enumerate(steps, 1) if not seats.find(step, set())]


def nobody_in_words(number: int, name: str) -> str:
    """That nobody can hold a step."""
    return say(
        "第 {n} 步（{name}）现在没有人能审：没有这样的用户，或只有作者，或同一人不能兼任；请管理员安排人员（{users}）",
        "nobody can hold step {n} ({name}): there is no such user, or only an author, or one person would hold two steps; have an "
        "administrator see to it ({users})",
        n=number,
        name=name,
        users=Remedy("users"),
    )


class _Seats:
    """Who holds what, as far as it has been given out."""

    def __init__(self, level: Level, able: Sequence[Member]) -> None:
        self._level = level
        self._able = able
        self._held: dict[str, list[Step]] = {user.name: [] for user in able}

    def find(self, step: Step, asked: set[str]) -> bool:
        """Whether somebody can hold the step besides what others hold, moving those where that helps."""
        for user in self._able:
            if step.role not in user.roles or user.name in asked:
                continue
            asked.add(user.name)
            theirs = self._held[user.name]
            clashing = [each for each in theirs if not may_combine(self._level, each, step)]
            if not clashing or (len(clashing) == 1 and self.find(clashing[0], asked)):
                self._held[user.name] = [*(each for each in theirs if each not in clashing), step]
                return True
        return False
