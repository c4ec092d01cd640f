"""Pictures, categories and tags on the site: looked for first, made where they are missing, remembered by channel."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from xuanfa.adapters.http import Answer
from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.wordpress.answers import Trouble, code_of, of_step, unreadable
from xuanfa.adapters.wordpress.api import Api, is_id
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Rejected, Unsent
from xuanfa.domain.post import Picture

#: How long a category's or tag's number is believed without asking again.
_TERM_LIFE = timedelta(days=1)
_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture in the site's library."""

    id: int
    url: str


class Library:
    """One site's pictures and terms."""

    def __init__(self, api: Api, tools: Tools) -> None:
        self._api = api
        self._tools = tools

    def pictures(self, pictures: Sequence[Picture]) -> dict[str, Upload] | Trouble:
        """Where each picture is, by its hash; uploaded where the site does not have it yet."""
        known = {picture.sha256: found for picture in pictures if (found := self._recalled(picture)) is not None}
        living = self._still_there(known)
        if not isinstance(living, dict):
            return living
        for picture in pictures:
            if picture.sha256 in living:
                continue
            upload = self._looked_up(picture) or self._uploaded(picture)
            if not isinstance(upload, Upload):
                return upload
            self._tools.keep(_name(picture), json.dumps([upload.id, upload.url]), None)
            living[picture.sha256] = upload
        return living

    def _recalled(self, picture: Picture) -> Upload | None:
        kept = self._tools.recall(_name(picture))
        return Upload(*json.loads(kept)) if kept else None

    def _still_there(self, known: Mapping[str, Upload]) -> dict[str, Upload] | Trouble:
        """Those that are still in the library: staff may have deleted one since, and a post with a hole is not what was approved."""
        if not known:
            return {}
        numbers = ",".join(str(upload.id) for upload in known.values())
        found = self._api.listing("media", include=numbers, per_page=str(_PER_PAGE), _fields="id,source_url")
        if not isinstance(found, list):
            return found
        there = {(row.get("id"), row.get("source_url")) for row in found}
        return {sha256: upload for sha256, upload in known.items() if (upload.id, upload.url) in there}

    def _looked_up(self, picture: Picture) -> Upload | Trouble | None:
        """The picture by its file name, which says what is in it: an upload whose answer was lost is found again."""
        stem = picture.sha256[:16]
        found = self._api.listing("media", search=stem, per_page="20", _fields="id,source_url")
        if not isinstance(found, list):
            return found
        for row in found:
            name = PurePosixPath(urlsplit(str(row.get("source_url", ""))).path).stem
            if name == stem and (upload := _upload(row)) is not None:
                return upload
        return None

    def _uploaded(self, picture: Picture) -> Upload | Trouble:
        """The picture, in one request with its words; ``Content-MD5`` lets the site refuse what was damaged on the way."""
        data = self._tools.picture(picture).read_bytes()
        headers = {
            "Content-Type": picture.media_type,
            "Content-Disposition": f'attachment; filename="{picture.filename}"',
            "Content-MD5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        # The title is what the library's search looks at.
        words = {"title": picture.sha256[:16], "alt_text": picture.alt, "caption": picture.caption}
        params = {name: value for name, value in words.items() if value} | {"_fields": "id,source_url"}
        answer = self._api.step("POST", "media", params=params, content=data, headers=headers)
        if not isinstance(answer, Answer):
            return answer
        return _upload(answer.fields) or unreadable(answer)

    def terms(self, kind: str, names: Sequence[str | int], *, create: bool, needed: bool) -> list[int] | Trouble:
        """The numbers of categories or tags (``kind``). A missing one is made if ``create``; else left out, or a refusal if ``needed``."""
        numbers: list[int] = []
        for name in names:
            if isinstance(name, int):
                numbers.append(name)
                continue
            found = self._term(kind, name, create=create)
            if found is None and needed:
                return _no_term(name)
            if isinstance(found, int):
                numbers.append(found)
            elif found is not None:
                return found
        return list(dict.fromkeys(numbers))

    def _term(self, kind: str, name: str, *, create: bool) -> int | Trouble | None:
        key = f"{kind}:{name}"
        kept = self._tools.recall(key)
        if kept is not None:
            return int(kept)
        found = self._looked_up_term(kind, name)
        if found is None and create:
            found = self._created_term(kind, name)
        if isinstance(found, int):
            self._tools.keep(key, str(found), _TERM_LIFE)
        return found

    def _looked_up_term(self, kind: str, name: str) -> int | Trouble | None:
        found = self._api.listing(kind, search=name, per_page=str(_PER_PAGE), _fields="id,name")
        if not isinstance(found, list):
            return found
        wanted = name.casefold()
        same = (
            row["id"] for row in found if unescape(str(row.get("name"))).casefold() == wanted and is_id(row.get("id"))
        )
        number: int | None = next(same, None)
        return number

    def _created_term(self, kind: str, name: str) -> int | Trouble:
        answer = self._api.send("POST", kind, params={"_fields": "id"}, json={"name": name})
        if isinstance(answer, Answer) and code_of(answer) == "term_exists":
            # Somebody made it meanwhile, or the search does not show it: adopt it.
            number = _data(answer).get("term_id")
            if is_id(number):
                return int(str(number))
        trouble = of_step(answer)
        if trouble is not None or not isinstance(answer, Answer):
            return trouble or Unsent(evidence="")
        number = answer.fields.get("id")
        if is_id(number):
            return int(str(number))
        return unreadable(answer)


def _name(picture: Picture) -> str:
    return f"media:{picture.sha256}"


def _upload(row: Mapping[str, Any]) -> Upload | None:
    number, url = row.get("id"), row.get("source_url")
    return Upload(int(str(number)), url) if is_id(number) and isinstance(url, str) and url else None


def _data(answer: Answer) -> dict[str, Any]:
    data = answer.fields.get("data")
    return data if isinstance(data, dict) else {}


def _no_term(name: str) -> Rejected:
    message = say(
        "网站上没有分类“{name}”。请在 WordPress 后台新建，或在渠道设置里写 create_terms = true。",
        "The site has no category {name!r}. Make it on the site, or set create_terms = true.",
        name=name,
    )
    return Rejected(findings=(Finding(code="wordpress.no_category", message=message),), blame=Blame.CHANNEL)
