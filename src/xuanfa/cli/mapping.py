"""``--map``: which heading of somebody's list is which of ours."""

import functools
from collections.abc import Callable
from typing import Any

import click

from xuanfa.domain.errors import HeadingError
from xuanfa.domain.language import say


def map_option(example: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option, as ``renamed``. A list that lacks a heading is refused with a word of it, which no page would understand."""

    def dress(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def told(**given: Any) -> Any:
            try:
                return function(**given)
            except HeadingError as error:
                way = say("也可以用 --map '{example}' 说明。", "Or explain them by --map '{example}'.", example=example)
                raise HeadingError(
                    say("{what}{way}", "{what} {way}", what=error.message, way=way), error.place
                ) from error

        text = say(
            "表头与名称的对应，如 '{example}'，可写多次", "Which heading is which, such as '{example}'", example=example
        )
        return click.option("--map", "renamed", multiple=True, metavar="'HEADING=KEY,…'", help=text)(told)

    return dress
