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

import httpx

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.wordpress.answers import Trouble, code_of, is_refused_term, of_step, unreadable
from xuanfa.adapters.wordpress.api import Api, is_id
from xuanfa.domain.attachment import Attachment
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


#: In place of a number: the site does not want such a name.
REFUSED = 0


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a post by number, and the names of those that the site refused."""

    numbers: tuple[int, ...]
    left_out: tuple[str, ...] = ()


class _NotMadeError(Exception):
    """A term without a number: why, or ``None`` where it is only not there."""

    def __init__(self, why: Trouble | None) -> None:
        super().__init__()
        self.why = why


class Library:
    """One site's pictures and terms."""

    def __init__(self, api: Api, tools: Tools) -> None:
        self._api = api
        self._tools = tools

    def pictures(self, pictures: Sequence[Picture | Attachment]) -> dict[str, Upload] | Trouble:
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

    def withdrawn(self, attachments: Sequence[Attachment]) -> Trouble | None:
        """Delete their files, which the trash does not hide; one that is not there is as good. ``None`` where all are gone."""
        for attachment in attachments:
            found = self._recalled(attachment) or self._looked_up(attachment)
            if found is not None and not isinstance(found, Upload):
                return found
            if found is None:
                continue
            answer = self._api.send("DELETE", f"media/{found.id}", params={"force": "true", "_fields": "id"})
            if isinstance(answer, Answer) and code_of(answer) == "rest_post_invalid_id":
                continue
            if (trouble := of_step(answer)) is not None:
                return trouble
        return None

    def _recalled(self, picture: Picture | Attachment) -> Upload | None:
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

    def _looked_up(self, picture: Picture | Attachment) -> Upload | Trouble | None:
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

    def _uploaded(self, picture: Picture | Attachment) -> Upload | Trouble:
        """The picture, in one request with its words; ``Content-MD5`` lets the site refuse what was damaged on the way."""
        file = self._tools.picture(picture) if isinstance(picture, Picture) else self._tools.attachment(picture)
        data = file.read_bytes()
        headers = {
            "Content-Type": picture.media_type,
            "Content-Disposition": f'attachment; filename="{picture.sha256[:16]}{picture.suffix}"',
            "Content-MD5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        # The title is what the library's search looks at.
        words = {"title": picture.sha256[:16]}
        if isinstance(picture, Picture):
            words |= {"alt_text": picture.alt, "caption": picture.caption}
        params = {name: value for name, value in words.items() if value} | {"_fields": "id,source_url"}
        answer = self._api.send("POST", "media", params=params, content=data, headers=headers)
        if isinstance(answer, Answer) and answer.status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            return _too_large(picture)
        trouble = of_step(answer)
        if trouble is not None or not isinstance(answer, Answer):
            return trouble or Unsent(evidence="")
        return _upload(answer.fields) or unreadable(answer)

    def categories(self, names: Sequence[str | int], *, create: bool) -> list[int] | Trouble:
        """The numbers of categories. A missing one is made if ``create``, or the channel is to blame."""
        numbers: list[int] = []
        for name in names:
            found = name if isinstance(name, int) else self._term("categories", name, create=create)
            if found is None or found == REFUSED:
                return _no_term(str(name))
            if not isinstance(found, int):
                return found
            numbers.append(found)
        return list(dict.fromkeys(numbers))

    def tags(self, names: Sequence[str], *, create: bool) -> Tags | Trouble:
        """The numbers of tags. One that is missing and is not to be made, or that the site refuses, is left out."""
        numbers, left_out = [], []
        for name in names:
            found = self._term("tags", name, create=create)
            if found == REFUSED:
                left_out.append(name)
            elif isinstance(found, int):
                numbers.append(found)
            elif found is not None:
                return found
        return Tags(tuple(dict.fromkeys(numbers)), tuple(left_out))

    def _term(self, kind: str, name: str, *, create: bool) -> int | Trouble | None:
        """Its number, ``REFUSED``, ``None`` where there is none, or why that is not known. One process looks and makes it, so that two
        posts at once make no two of one name; what the site refuses is not asked for again before the next day."""

        def make() -> tuple[str, timedelta | None]:
            found = self._looked_up_term(kind, name)
            if found is None and create:
                found = self._created_term(kind, name)
            if not isinstance(found, int):
                raise _NotMadeError(found)
            return str(found), _TERM_LIFE

        try:
            return int(self._tools.remember(f"{kind}:{name.casefold()}", make))
        except _NotMadeError as error:
            return error.why

    def _looked_up_term(self, kind: str, name: str) -> int | Trouble | None:
        found = self._api.listing(kind, search=name, per_page=str(_PER_PAGE), _fields="id,name")
        if not isinstance(found, list):
            return found
        wanted = name.casefold()
        same = [
            int(row["id"])
            for row in found
            if unescape(str(row.get("name"))).casefold() == wanted and is_id(row.get("id"))
        ]
        return min(same, default=None)  # where there are several all the same, the oldest

    def _created_term(self, kind: str, name: str) -> int | Trouble:
        answer = self._api.send("POST", kind, params={"_fields": "id"}, json={"name": name})
        if isinstance(answer, Answer) and code_of(answer) == "term_exists":
            # Somebody made it meanwhile, or the search does not show it: adopt it.
            number = _data(answer).get("term_id")
            if is_id(number):
                return int(str(number))
        if isinstance(answer, Answer) and is_refused_term(answer):
            return REFUSED
        trouble = of_step(answer)
        if trouble is not None or not isinstance(answer, Answer):
            return trouble or Unsent(evidence="")
        number = answer.fields.get("id")
        if is_id(number):
            return int(str(number))
        return unreadable(answer)


def _name(picture: Picture | Attachment) -> str:
    return f"media:{picture.sha256}"


def _upload(row: Mapping[str, Any]) -> Upload | None:
    number, url = row.get("id"), row.get("source_url")
    return Upload(int(str(number)), url) if is_id(number) and isinstance(url, str) and url else None


def _data(answer: Answer) -> dict[str, Any]:
    data = answer.fields.get("data")
    return data if isinstance(data, dict) else {}


def _too_large(picture: Picture | Attachment) -> Rejected:
    message = say(
        "网站服务器不收 {kb} KB 的图片（413）。请把本渠道的 picture_kb_max 调到 {kb} 以下（先试一半），图片会压得更小；或请网站管理员调大上限"
        "（nginx 的 client_max_body_size，默认 1 MB）。",
        "The site's server takes no picture of {kb} kB (413). Set picture_kb_max of this channel below that (try half), and pictures are made "
        "smaller; or have the limit raised (client_max_body_size of nginx, 1 MB unless set).",
        kb=-(-picture.size // 1000),
    )
    return Rejected(findings=(Finding(code="wordpress.upload_size", message=message),), blame=Blame.CHANNEL)


def _no_term(name: str) -> Rejected:
    message = say(
        "网站上没有分类“{name}”。请在 WordPress 后台新建，或在渠道设置里写 create_terms = true。",
        "The site has no category {name!r}. Make it on the site, or set create_terms = true.",
        name=name,
    )
    return Rejected(findings=(Finding(code="wordpress.no_category", message=message),), blame=Blame.CHANNEL)
