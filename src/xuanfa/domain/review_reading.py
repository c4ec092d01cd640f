"""What a person says to have read before a decision, beside what would be sent. Pure."""

from collections.abc import Collection

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.reviewing import Table

#: So many characters of a digest say which one is meant.
DIGEST_MIN = 12


def require_digests(table: Table, given: Collection[str]) -> None:
    """What a person says to have read is what would be sent. Raises StateError."""
    current = [table.stands.digest, *(each.digest for each in table.stands.snapshot.values())]
    for digest in given:
        if len(digest) < DIGEST_MIN or not any(known.startswith(digest) for known in current):
            what = say(
                "稿件在您看过之后已经改动（{digest} 不是现在的版本）：请重新看稿再审（{show}）",
                "the post has changed since you read it ({digest} is not what would be sent now): read it again",
                digest=digest[:DIGEST_MIN],
                show=Remedy("show_review"),
            )
            raise StateError(say("{what}。", "{what}.", what=what))
