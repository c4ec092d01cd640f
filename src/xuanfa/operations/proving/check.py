"""What a person asks to be looked at now: posts, deliveries, or everything that is out."""

import math
from collections.abc import Callable, Sequence

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.public import Public
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.look import Looked
from xuanfa.operations.proving.passes import look_through
from xuanfa.store import proofs


def chosen(desk: Desk, names: Sequence[str]) -> list[Public]:
    """What is out of these posts (by slug) and deliveries (by number), everything where none is named. Raises StateError for one that there is
    not, or that is not out."""
    with desk.store.read() as connection:
        if not names:
            return proofs.all_out(connection)
    found: dict[int, Public] = {}
    for name in names:
        for it in _named(desk, name):
            found[it.id] = it
    return list(found.values())


def _named(desk: Desk, name: str) -> list[Public]:
    number = name.removeprefix("#")
    with desk.store.read() as connection:
        if number.isascii() and number.isdigit() and len(number) < 10:  # noqa: PLR2004 - what a database holds
            it = proofs.get(connection, [int(number)]).get(int(number))
            if it is not None:
                return [require_out(it)]
        of_post = proofs.of_posts(connection, name)
    if of_post:
        return of_post
    if number.isdigit():
        raise StateError(
            say(
                "投递 {id} 没有正式发布，没有公开的页面可看：见 {show}。",
                "Delivery {id} is not out for real, and has no public page: see {show}.",
                id=number,
                show=Remedy("deliveries"),
            )
        )
    desk.known_post(name)
    raise StateError(
        say(
            "稿件 {post} 现在没有公开的页面：没有正式发布，或已撤下。见 {show}。",
            "Nothing of the post {post} is out now: see {show}.",
            post=name,
            show=Remedy("show", name),
        )
    )


def require_out(it: Public) -> Public:
    """Raise StateError where it is not out any more: what was taken down is looked after by the withdrawal."""
    if not it.is_out:
        raise StateError(
            say(
                "投递 {id} 已撤下或正在撤，不再核对页面：撤下后的复查见 {show}。",
                "Delivery {id} is withdrawn or being withdrawn; what came of that is looked after by the withdrawal: see {show}.",
                id=it.id,
                show=Remedy("withdraw", it.post, show=True),
            )
        )
    return it


def check(
    desk: Desk,
    pages: Sequence[Public],
    told: Callable[[Looked], None],
    is_stopping: Callable[[], bool] = lambda: False,
) -> list[Public]:
    """Look at them now; what was not looked at, because its host did not answer or it was stopped."""
    left, _ = look_through(desk, pages, is_stopping, until=math.inf, sure=True, told=told)
    return [it for it, _ in left]
