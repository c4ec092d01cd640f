"""The byline (作者): how the author whom a post names is printed. Front matter may name people by their login names; readers see who they are."""

import re
from collections.abc import Mapping

from xuanfa.domain.user import login_name

#: What stands between the names of several authors.
BETWEEN = re.compile(r"[、,，;；/\s]+")
#: How people are printed, by login name.
Printed = Mapping[str, str]


def byline(author: str, printed: Printed) -> str:
    """The author as typed, each login name in it as its person is printed; what is no login name stays."""
    if author in printed or not printed:
        return printed.get(author, author)
    at, parts = 0, list[str]()
    for between in (*BETWEEN.finditer(author), None):
        word = author[at : between.start() if between else None]
        parts += [printed.get(login_name(word), word), between[0] if between else ""]
        at = between.end() if between else at
    return "".join(parts)
