"""Two people's changes to one text: what does not collide is merged, what does is shown, and nothing is lost either way."""

import random

import pytest

from xuanfa.domain.merging import Clash, Merged, chosen, merge, pieces_of, whole

HEAD = "---\ntitle: 题\n# 记\ncolumn: a\n---\n\n"
BASE = HEAD + "一。\n\n二。\n\n三。\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "made"),
    [
        (BASE, BASE, BASE),
        (BASE.replace("一", "甲"), BASE, BASE.replace("一", "甲")),
        (BASE, BASE.replace("三", "乙"), BASE.replace("三", "乙")),
        (BASE.replace("一", "甲"), BASE.replace("三", "乙"), BASE.replace("一", "甲").replace("三", "乙")),
        (BASE.replace("一", "甲"), BASE.replace("二", "乙"), BASE.replace("一", "甲").replace("二", "乙")),
        (BASE.replace("二", "同"), BASE.replace("二", "同"), BASE.replace("二", "同")),
        (
            BASE.replace("题", "新题"),
            BASE.replace("column: a", "column: b"),
            BASE.replace("题", "新题").replace(": a", ": b"),
        ),
        (BASE.replace("二。\n\n", ""), BASE.replace("三", "乙"), BASE.replace("二。\n\n", "").replace("三", "乙")),
        (
            BASE.replace("二。", "二。\n\n新。"),
            BASE.replace("三", "乙"),
            BASE.replace("二。", "二。\n\n新。").replace("三", "乙"),
        ),
        (BASE.replace("\n\n", "\n\n\n"), BASE.replace("三", "乙"), None),
    ],
)
def test_what_does_not_collide_is_merged(mine: str, theirs: str, made: str | None) -> None:
    found = whole(merge(BASE, mine, theirs))
    if made is None:
        assert found is not None
        assert "乙" in found
    else:
        assert found == made


@pytest.mark.parametrize(
    ("mine", "theirs", "sides"),
    [
        (BASE.replace("二", "甲"), BASE.replace("二", "乙"), ("甲。\n\n", "乙。\n\n")),
        (BASE.replace("二。\n\n", ""), BASE.replace("二", "乙"), ("", "乙。\n\n")),
        (BASE + "\n甲。\n", BASE + "\n乙。\n", ("甲。\n\n", "乙。\n\n")),
        (BASE.replace("题", "甲题"), BASE.replace("题", "乙题"), ("title: 甲题\n", "title: 乙题\n")),
    ],
)
def test_what_collides_is_shown_with_both_sides(mine: str, theirs: str, sides: tuple[str, str]) -> None:
    pieces = merge(BASE, mine, theirs)
    assert whole(pieces) is None
    assert [(each.mine, each.theirs) for each in pieces if isinstance(each, Clash)] == [sides]
    assert chosen(pieces, [sides[0]]) == mine
    assert chosen(pieces, [sides[1]]) == theirs


def test_pieces_are_the_text() -> None:
    assert "".join(pieces_of(BASE)) == BASE + "\n"


@pytest.mark.parametrize("seed", range(40))
def test_nothing_that_either_has_written_is_lost(seed: int) -> None:
    """Over many pairs of edits: each new paragraph of either is in the merged text, or on one side of a clash."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    base = [f"段{number}。" for number in range(12)]

    def edited(name: str) -> tuple[list[str], list[str]]:
        text, new = list(base), []
        for count in range(chance.randint(1, 5)):
            word = f"{name}{count}。"
            at = chance.randrange(len(text))
            match chance.choice(["change", "insert", "append"]):
                case "change":
                    text[at] = word
                case "insert":
                    text.insert(at, word)
                case _:
                    text.append(word)
            new.append(word)
        return text, [each for each in new if each in text]

    (mine, own), (theirs, others) = edited("甲"), edited("乙")
    joined = ["\n\n".join(each) + "\n" for each in (base, mine, theirs)]
    pieces = merge(*joined)
    there = "".join(each.text if isinstance(each, Merged) else each.mine + each.theirs for each in pieces)
    assert all(word in there for word in own + others)
    untouched = [each for each in base if each in mine and each in theirs]
    assert all(word in there for word in untouched)
