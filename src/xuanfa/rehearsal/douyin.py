"""Douyin to practise on: tokens that end and rotate, uploads before posts, scopes, a day's quota, and a review before a post is listed.

Always HTTP 200; the ``error_code`` tells. Codes and limits as in ``docs/adapters/douyin.md``. Any token is a user, but those that a sign-in
here gave end after their life.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from xuanfa.domain.fault import Fault
from xuanfa.rehearsal.forms import read_form
from xuanfa.rehearsal.journal import Journal, Received, Turn
from xuanfa.rehearsal.platform import Platform, Reply, fingerprint

OPEN_ID = "_000rehearsal"
_ISSUED = "rehearsal-token-"
_EVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
POSTS_A_DAY, RENEWALS, PICTURES_MAX, TEXT_MAX = 100, 5, 30, 1000
IMAGE_MAX, WHOLE_MAX = 20_000_000, 128_000_000
_API = "/api/douyin/v1/video/"
_HIDDEN = frozenset({"client_secret", "code", "refresh_token", "client_key"})
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG")

_WORDS = {
    0: "",
    10002: "授权码无效",
    10008: "access_token 过期",
    10010: "refresh_token 过期",
    10020: "refresh_token 续期次数已用完",
    28001007: "参数不合法",
    28001008: "access_token 过期",
    28001015: "token 与 open_id 不匹配",
    28001018: "应用未获得该能力",
    28003017: "quota 已用完",
}

Decided = tuple[int, dict[str, Any]]


class DouyinPlatform(Platform):
    """One application and one account."""

    def __init__(self, journal: Journal, clock: Callable[[], datetime], *, fault: Fault | None = None) -> None:
        super().__init__(journal, clock, fault=fault)
        self.access_life, self.refresh_life = timedelta(days=15), timedelta(days=30)
        #: How long the review takes; until then a post is not listed, unless ``lists_pending``.
        self.review = timedelta(minutes=10)
        self.lists_pending = False
        #: What the account has allowed.
        self.scopes = {"video.create.bind", "video.list.bind"}
        self.posts_a_day = POSTS_A_DAY
        #: Plays, likes, comments and shares of every work; ``None``: the application is not shown any.
        self.counts: tuple[int, int, int, int] | None = (0, 0, 0, 0)

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """The answer that the platform documents for this request."""
        path = request.url.path
        if path.startswith("/oauth/"):
            return self._oauth(path, read_form(request, body).fields, now, turn)
        code = self._token_code(request, now, turn)
        if code:
            return _reply(code, {})
        call = path.removeprefix(_API).strip("/")
        if call == "video_list":
            if "video.list.bind" not in self.scopes:
                return _reply(28001018, {})
            return _reply(0, self._listed(request.url.params, now, turn))
        if call == "video_data":
            return _reply(0, self._data(body, now, turn))
        if "video.create.bind" not in self.scopes:
            return _reply(28001018, {})
        if call in {"create_image_text", "create_video"}:
            return self._create(call, body, now, turn)
        return self._upload(call, request, body, turn)

    def publishes(self, request: httpx.Request) -> bool:
        """Creating a post; uploads are seen by nobody."""
        return request.url.path.startswith(f"{_API}create_")

    def shown_path(self, url: httpx.URL) -> str:
        """Tokens stand in headers; the query is harmless."""
        return url.raw_path.decode("ascii")

    def shown_body(self, request: httpx.Request, body: bytes) -> str:
        """Forms without secrets and files, JSON as it is."""
        if "json" in request.headers.get("content-type", ""):
            return super().shown_body(request, body)
        return read_form(request, body).shown(_HIDDEN)

    def _oauth(self, path: str, form: Mapping[str, str], now: datetime, turn: Turn) -> Reply:
        if path == "/oauth/access_token/":
            if not form.get("code", "").startswith("rehearsal-code"):
                return _reply(10002, {})
            return self._issued(self._grant(turn, now, renewals=0), now, turn)
        given, grant = form.get("refresh_token", ""), turn.thing("grant")
        ended = grant is None or now >= datetime.fromisoformat(grant["until"])
        if ended or grant["token"] != fingerprint(given):
            return _reply(10010, {})
        if path == "/oauth/refresh_token/":
            return self._issued(given, now, turn)
        if path != "/oauth/renew_refresh_token/":
            return _reply(28001007, {})
        if grant["renewals"] >= RENEWALS:
            return _reply(10020, {})
        new = self._grant(turn, now, renewals=grant["renewals"] + 1)
        return _reply(0, {"refresh_token": new, "expires_in": int(self.refresh_life.total_seconds())})

    def _grant(self, turn: Turn, now: datetime, *, renewals: int) -> str:
        """A new refresh token; the old one is dead from now on."""
        token = _ISSUED + secrets.token_hex(8)
        until = (now + self.refresh_life).isoformat()
        turn.put("grant", {"token": fingerprint(token), "until": until, "renewals": renewals})
        return token

    def _issued(self, refresh: str, now: datetime, turn: Turn) -> Reply:
        access = _ISSUED + secrets.token_hex(8)
        turn.put(f"access:{fingerprint(access)}", (now + self.access_life).isoformat())
        return _reply(
            0,
            {
                "access_token": access,
                "expires_in": int(self.access_life.total_seconds()),
                "refresh_token": refresh,
                "refresh_expires_in": int(self.refresh_life.total_seconds()),
                "open_id": OPEN_ID,
                "scope": ",".join(sorted(self.scopes)),
            },
        )

    def _token_code(self, request: httpx.Request, now: datetime, turn: Turn) -> int:
        token = request.headers.get("access-token", "")
        if not token.startswith(_ISSUED):
            return 0 if token else 28001008
        if request.url.params.get("open_id") != OPEN_ID:
            return 28001015
        until = turn.thing(f"access:{fingerprint(token)}")
        return 0 if until is not None and now < datetime.fromisoformat(until) else 28001008

    def _upload(self, call: str, request: httpx.Request, body: bytes, turn: Turn) -> Reply:
        files = read_form(request, body).files
        number = f"{call.split('_')[1]}-{turn.count('media:') + 1}"
        known = turn.thing(f"media:{request.url.params.get('upload_id', '')}") is not None
        match call:
            case "upload_image" if files.get("image", b"").startswith(_MAGIC) and len(files["image"]) <= IMAGE_MAX:
                data: dict[str, Any] = {"image": {"image_id": number, "width": 0, "height": 0}}
            case "upload_video" if b"ftyp" in files.get("video", b"")[:16] and len(files["video"]) <= WHOLE_MAX:
                data = {"video": {"video_id": number, "width": 1080, "height": 1920}}
            case "init_video_part_upload":
                data = {"upload_id": number}
            case "upload_video_part" if known and files.get("video"):
                return _reply(0, {})
            case "complete_video_part_upload" if known:
                data = {"video": {"video_id": number, "width": 1080, "height": 1920}}
            case _:
                return _reply(28001007, {})
        turn.put(f"media:{number}", call)
        return _reply(0, data)

    def _create(self, call: str, body: bytes, now: datetime, turn: Turn) -> Reply:
        try:
            asked = json.loads(body)
        except ValueError:
            return _reply(28001007, {})
        media = asked.get("image_list") if call == "create_image_text" else [asked.get("video_id")]
        text = asked.get("text", "")
        if not isinstance(media, list) or not 1 <= len(media) <= PICTURES_MAX or len(text) > TEXT_MAX:
            return _reply(28001007, {})
        if any(turn.thing(f"media:{handle}") is None for handle in media):
            return _reply(28001007, {})
        if turn.accepted_since(OPEN_ID, now - timedelta(days=1)) >= self.posts_a_day:
            return _reply(28003017, {})
        number = f"@item{len(turn.since(OPEN_ID, _EVER)) + 1:06}"
        return _reply(0, {"item_id": number, "text": text}, account=OPEN_ID, accepted=True)

    def _listed(self, params: httpx.QueryParams, now: datetime, turn: Turn) -> dict[str, Any]:
        shown = now if self.lists_pending else now - self.review
        posts = [row for row in reversed(turn.since(OPEN_ID, _EVER)) if row.accepted and row.at <= shown]
        begin, count = int(params.get("cursor", "0")), int(params.get("count", "10"))
        rows = [self._row(post) for post in posts[begin : begin + count]]
        return {"list": rows, "cursor": begin + count, "has_more": len(posts) > begin + count}

    def _data(self, body: bytes, now: datetime, turn: Turn) -> dict[str, Any]:
        """What is out of what is asked for, with its numbers."""
        wanted = set(json.loads(body).get("item_ids") or ())
        posts = [row for row in turn.since(OPEN_ID, _EVER) if row.accepted and row.at <= now - self.review]
        rows = [row for row in map(self._row, posts) if row["item_id"] in wanted]
        if self.counts is not None:
            names = ("play_count", "digg_count", "comment_count", "share_count")
            numbers = dict(zip(names, self.counts, strict=True)) | {"forward_count": 0, "download_count": 0}
            rows = [row | {"statistics": numbers} for row in rows]
        return {"list": rows}

    @staticmethod
    def _row(post: Received) -> dict[str, Any]:
        data = json.loads(post.answer)["data"]
        number = data["item_id"]
        return {
            "item_id": number,
            "title": data["text"],
            "create_time": int(post.at.timestamp()),
            "share_url": f"https://www.iesdouyin.com/share/video/{number.strip('@')}/",
            "is_top": False,
            "media_type": 4,
        }


def _reply(code: int, data: dict[str, Any], *, account: str = "", accepted: bool = False) -> Reply:
    whole = {"error_code": code, "description": _WORDS[code], **data}
    extra = {"error_code": code, "description": _WORDS[code], "logid": "rehearsal"}
    answer = {"data": whole, "extra": extra, "message": "error" if code else "success"}
    return Reply(body=json.dumps(answer, ensure_ascii=False), account=account, accepted=accepted)
