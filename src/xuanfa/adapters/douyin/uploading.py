"""Uploads ahead of a post: pictures one by one, a video in one piece or in parts. Repeatable: what is not used is seen by nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from xuanfa.adapters.douyin.answers import Refusal, data_of, refusal
from xuanfa.adapters.douyin.session import Access, Session
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Unsent
from xuanfa.domain.post import Picture

#: Above 50 MB parts are recommended, above 128 MB demanded; 20 MB a part is recommended, 5 MB the least (platforms.md, Douyin uploads).
WHOLE_MAX, PART, PART_MIN = 50_000_000, 20_000_000, 5_000_000
#: An upload takes longer than a question. Seconds.
_TIMEOUT = httpx.Timeout(60.0, connect=10.0, pool=10.0)
_API = "/api/douyin/v1/video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploader:
    """Uploads for one account. Each answer is a handle, or why there is none."""

    client: httpx.Client
    base_url: str
    session: Session
    access: Access
    channel: str
    now: datetime
    #: The number of the first of several parts.
    first_part: int = 1

    def image(self, picture: Picture, file: Path) -> str | Refusal:
        """Upload a picture: its ``image_id``."""
        part = (picture.filename, file.read_bytes(), picture.media_type)
        return self._handle(self._call("upload_image/", files={"image": part}), "image", "image_id")

    def video(self, file: Path) -> str | Refusal:
        """Upload an MP4: its ``video_id``."""
        if file.stat().st_size <= WHOLE_MAX:
            part = ("video.mp4", file.read_bytes(), "video/mp4")
            return self._handle(self._call("upload_video/", files={"video": part}), "video", "video_id")
        return self._in_parts(file)

    def _in_parts(self, file: Path) -> str | Refusal:
        begun = self._call("init_video_part_upload/", json={})
        if not isinstance(begun, dict):
            return begun
        upload = str(begun.get("upload_id") or "")
        if not upload:
            return _unread(begun)
        for number, data in enumerate(parts(file), self.first_part):
            where = {"upload_id": upload, "part_number": str(number)}
            sent = self._call("upload_video_part/", where, files={"video": ("video.mp4", data, "video/mp4")})
            if not isinstance(sent, dict):
                return sent
        return self._handle(
            self._call("complete_video_part_upload/", {"upload_id": upload}, json={}), "video", "video_id"
        )

    def _call(self, path: str, where: dict[str, str] | None = None, **request: Any) -> dict[str, Any] | Refusal:
        answer = send_once(
            self.client,
            "POST",
            f"{self.base_url}{_API}/{path}",
            params={"open_id": self.access.open_id, **(where or {})},
            headers={"access-token": self.access.token},
            timeout=_TIMEOUT,
            secrets=self.session.secrets,
            **request,
        )
        if not isinstance(answer, Answer):
            return Unsent(evidence=answer.evidence)  # an upload may be repeated: nobody sees one that is not used
        self.session.mind(self.access, answer)
        refused = refusal(answer, channel=self.channel, now=self.now, writes=False)
        return data_of(answer) if refused is None else refused

    @staticmethod
    def _handle(data: dict[str, Any] | Refusal, part: str, name: str) -> str | Refusal:
        if not isinstance(data, dict):
            return data
        inner = data.get(part)
        handle = inner.get(name) if isinstance(inner, dict) else None
        return str(handle) if handle else _unread(data)


def parts(file: Path) -> Iterator[bytes]:
    """The file in parts of 20 MB; a rest that would be too small goes with the part before it."""
    left = file.stat().st_size
    with file.open("rb") as source:
        while left > 0:
            size = left if left < PART + PART_MIN else PART
            yield source.read(size)
            left -= size


def _unread(data: dict[str, Any]) -> Unsent:
    names = ", ".join(sorted(map(str, data)))
    return Unsent(
        evidence=say("上传的回答里没有编号（{names}）", "the answer to an upload has no handle ({names})", names=names)
    )
