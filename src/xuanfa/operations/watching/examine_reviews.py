"""Examine: by which review the posts of each column go, and whether there is anybody for each step."""

from collections.abc import Iterator

import sqlalchemy as sa

from xuanfa.domain.access import readers_of
from xuanfa.domain.language import say
from xuanfa.domain.review import Review
from xuanfa.domain.review_people import authors_of, nobody_in_words, nobodys_steps
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.examined import Examined
from xuanfa.store import access, reviews, users


def examine_reviews(desk: Desk) -> Iterator[Examined]:
    """Where there is no review that is said as plainly as where there is one."""
    asked: dict[str, list[str]] = {}
    for column in desk.columns.values():
        template = desk.reviews.template_for(column.id, "")
        if template:
            asked.setdefault(template, []).append(column.title)
        else:
            yield Examined(
                what=say(
                    "专栏 {title} 不审核（none）：排入的稿件到时间就发",
                    "column {title} has no review (none): what is queued goes out when it is due",
                    title=column.title,
                )
            )
    with desk.store.read() as connection:
        members = {user.name: user for user in users.all(connection)}
        open_ = _of_open_reviews(connection)
        closed = {each.post_id: each for each in access.standing(connection)}
    for id_, columns in asked.items():
        template_, who = desk.reviews.templates[id_], say("、", ", ").join(columns)
        what = say(
            "审核模板 {name}（{id}；{columns}）",
            "review template {name} ({id}; {columns})",
            name=template_.name,
            id=id_,
            columns=who,
        )
        empty = nobodys_steps(template_.steps, desk.reviews.level, members, ())
        words = [nobody_in_words(number, template_.steps[number - 1].name) for number in empty]
        yield Examined(what=what, trouble=say("；", "; ").join(words))
    for slug, review, named in open_:
        authors = review.authors | authors_of(named, members)
        may_read = readers_of(closed.get(review.post_id), members)
        empty = nobodys_steps(review.template.steps, review.level, may_read, authors)
        if empty:
            words = [nobody_in_words(number, review.template.steps[number - 1].name) for number in empty]
            yield Examined(
                what=say("稿件 {slug} 的审核", "review of {slug}", slug=slug), trouble=say("；", "; ").join(words)
            )


def _of_open_reviews(connection: sa.Connection) -> list[tuple[str, Review, set[str]]]:
    """Reviews that are under way, with the authors that their posts name."""
    found = reviews.under_review(connection)
    return [(slug, review, reviews.authors_named(connection, review.post_id)) for slug, _, review in found]
