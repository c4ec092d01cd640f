"""What a person says to have read before a decision, beside what would be sent. Pure."""

from collections.abc import Collection

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.reviewing import Table

#: So many characters of a digest say which one is meant.
DIGEST_MIN = 12


def require_digests(table: Table, slug: str, given: Collection[str]) -> None:
    """What a person says to have read of the post is what would be sent. Raises StateError, with what shows it as it is now."""
    current = [table.stands.digest, *(each.digest for each in table.stands.snapshot.values())]
    for digest in given:
        if len(digest) < DIGEST_MIN or not any(known.startswith(digest) for known in current):
            what = say(
                "稿件 {slug} 在您看过之后已经改动（{digest} 不是现在的版本），没有登记：请重新看稿（{show}），再按现在的摘要审一次",
                "the post {slug} has changed since you read it ({digest} is not what would be sent now), and nothing was recorded: read it again "
                "({show}), and decide with the digest of now",
                slug=slug,
                digest=digest[:DIGEST_MIN],
                show=Remedy("show_review", slug),
            )
            raise StateError(say("{what}。", "{what}.", what=what))
