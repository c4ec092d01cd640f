"""A list of readers that was changed past the program is found by ``verify``: taken away, widened, given to another post, or put there."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.operations.test_restricted import SECRET, office, restrict
from tests.support.reviewed_office import by
from tests.support.verified import troubles
from xuanfa.domain.act import ConfirmAccess
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.intake.queue import queue
from xuanfa.store import access

__all__ = ["office"]


def found(office: Any) -> list[str]:
    return [each for each in troubles(office) if each.startswith("限阅名单与历史一致")]


def by_hand(office: Any, text: str) -> None:
    with office.desk.store.write() as connection:
        connection.execute(sa.text(text))


def test_what_the_program_has_done_is_as_it_is_told(office: Any) -> None:
    """Restricted, narrowed, wished wider, confirmed, wished open, lifted, and restricted once more."""
    restrict(office, "boss, secrecy")
    assert found(office) == []
    for words in ("boss", "boss, ed", ""):
        office.clock.advance(minutes=1)
        if words:
            restrict(office, words)
        else:
            office.write("one", f"{SECRET}。", title=SECRET, author="writer")
            queue(office.desk)
        assert found(office) == []
        with office.desk.store.read() as connection:
            (standing,) = access.standing(connection)
        if standing.wish is not None:
            carry_out(office.desk, ConfirmAccess(post="one"), by("boss"))
            assert found(office) == []
    with office.desk.store.read() as connection:
        assert access.standing(connection) == []
    office.clock.advance(minutes=1)
    restrict(office, "ed")
    assert found(office) == []
    office.run()
    office.write("one", f"{SECRET}，改过。", title=SECRET, access="[boss]")
    queue(office.desk)
    assert found(office) == []


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM restrictions",
        """UPDATE restrictions SET access = '["@boss","@ed","secrecy"]'""",
        """UPDATE restrictions SET access = '["author"]'""",
        "UPDATE restrictions SET is_wished = true",
        """UPDATE restrictions SET authors = '["ed","writer"]'""",
        "UPDATE restrictions SET post_id = (SELECT id FROM posts WHERE slug = 'free')",
        "INSERT INTO restrictions (post_id, access, since) SELECT id, '[\"@ed\"]', 0 FROM posts WHERE slug = 'free'",
    ],
)
def test_what_was_done_past_it_is_found_with_its_post(office: Any, text: str) -> None:
    office.write("free", "人人能看。")
    restrict(office)
    assert found(office) == []
    by_hand(office, text)
    (trouble,) = found(office)
    assert ("free" if "free" in text else "one") in trouble
    assert SECRET not in trouble
