"""Weibo to practise on: tokens with a life, 100 requests a day and 30 posts an hour, the bound domain, no second identical text.

Codes and limits as in ``docs/adapters/weibo.md``. Any access token is a user, but one that a sign-in here gave ends after its life.
"""

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

import httpx

from xuanfa.domain.fault import Fault
from xuanfa.rehearsal.forms import Form, read_form
from xuanfa.rehearsal.journal import Journal, Received, Turn
from xuanfa.rehearsal.platform import Platform, Reply, fingerprint

UID = "1000000001"
#: What a sign-in here gives begins so; its code is any that begins with ``rehearsal-code``.
_ISSUED = "rehearsal-token-"
REQUESTS_A_DAY, POSTS_AN_HOUR, TEXT_MAX = 100, 30, 140
_PICTURE_MAX = 5_000_000
_EVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_SHARE = "/2/statuses/share.json"
_ARTICLE = "/proxy/article/publish.json"
_DESTROY = "/2/statuses/destroy.json"
_ADDRESS = re.compile(r"https?://[!-~]+")
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
_HIDDEN = frozenset({"access_token", "client_secret", "code"})

_WORDS = {
    10008: "param error, see doc for more info",
    10014: "Insufficient app permissions!",
    10016: "miss required parameter, see doc for more info",
    10020: "request api not found",
    10023: "User requests out of rate limit",
    20005: "unsupported image type, only suport JPG, GIF, PNG!",
    20006: "image size too large",
    20008: "content is null!",
    20012: "text too long, please input text less than 140 characters!",
    20016: "update weibo too fast!",
    20019: "repeat content!",
    20032: "update success, while server slow now, please wait 1-2 minutes!",
    20101: "target weibo does not exist!",
    21324: "error:invalid_client",
    21325: "error:invalid_grant",
    21327: "token expired",
    21332: "invalid_access_token",
}


class WeiboPlatform(Platform):
    """One application and one account."""

    def __init__(self, journal: Journal, clock: Callable[[], datetime], *, fault: Fault | None = None) -> None:
        super().__init__(journal, clock, fault=fault)
        self.token_life = timedelta(days=30)
        #: The domain bound to the application; empty takes an address of any.
        self.safe_domain = ""
        #: Paths for which the application has no permission.
        self.forbidden: set[str] = set()
        #: Whether the list tells the addresses behind its short links.
        self.tells_links = False
        #: Forwards, comments and likes of every post.
        self.counts = (0, 0, 0)
        #: Whether posts are taken with 20032 and listed only after two minutes.
        self.is_slow = False

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """The answer that the platform documents for this request."""
        form, path = read_form(request, body), request.url.path
        if path == "/oauth2/access_token":
            return self._issue(form.fields)
        asked = dict(request.url.params) | dict(form.fields)
        token = asked.get("access_token", "")
        if code := self._token_code(token, now, turn):
            return _error(path, code)
        if len(turn.since(UID, now - timedelta(days=1))) >= REQUESTS_A_DAY:
            return _error(path, 10023)
        if path in self.forbidden:
            return _error(path, 10014)
        match path:
            case "/oauth2/get_token_info":
                return self._info(token, now, turn)
            case "/2/statuses/share.json":
                return self._share(asked, form, now, turn)
            case path if path == _ARTICLE:
                return self._article(asked, now, turn)
            case "/2/statuses/user_timeline.json":
                return self._timeline(asked, now, turn)
            case "/2/statuses/count.json":
                return self._counts(asked, turn)
            case "/2/statuses/destroy.json":
                return self._destroy(asked.get("id", ""), turn)
            case _:
                return _error(path, 10020)

    def publishes(self, request: httpx.Request) -> bool:
        """Short posts and articles."""
        return request.url.path in {_SHARE, _ARTICLE}

    def shown_path(self, url: httpx.URL) -> str:
        """The query holds the token."""
        shown = "&".join(f"{name}={value}" for name, value in url.params.items() if name not in _HIDDEN)
        return f"{url.path}?{shown}" if shown else url.path

    def shown_body(self, request: httpx.Request, body: bytes) -> str:
        """The form without secrets and without the picture."""
        return read_form(request, body).shown(_HIDDEN)

    def _issue(self, fields: Mapping[str, str]) -> Reply:
        if not fields.get("code", "").startswith("rehearsal-code") or not fields.get("redirect_uri"):
            return _error("/oauth2/access_token", 21325)
        token = _ISSUED + secrets.token_hex(8)
        life = int(self.token_life.total_seconds())
        answer = {"access_token": token, "expires_in": life, "remind_in": str(life), "uid": UID}
        return Reply(body=json.dumps(answer), account="tokens", message=fingerprint(token))

    def _issued_at(self, token: str, turn: Turn) -> datetime | None:
        found = (row.at for row in turn.since("tokens", _EVER) if row.message == fingerprint(token))
        return next(found, None)

    def _token_code(self, token: str, now: datetime, turn: Turn) -> int:
        if not token.startswith(_ISSUED):
            return 0 if token else 21332
        issued_at = self._issued_at(token, turn)
        if issued_at is None:
            return 21332
        return 21327 if now >= issued_at + self.token_life else 0

    def _info(self, token: str, now: datetime, turn: Turn) -> Reply:
        issued_at = self._issued_at(token, turn)
        left = self.token_life if issued_at is None else issued_at + self.token_life - now
        answer = {"uid": int(UID), "appkey": "rehearsal", "scope": None, "expire_in": int(left.total_seconds())}
        return _ok(answer)

    def _share(self, asked: Mapping[str, str], form: Form, now: datetime, turn: Turn) -> Reply:
        text, picture = asked.get("status", ""), form.files.get("pic")
        posts = _posts(turn)
        code = self._share_code(asked, text, picture) or _pace_code(posts, now)
        if code:
            return _error(_SHARE, code)
        # As it stands in an answer, so that a year of them need not be parsed for each post.
        same = f'"text": {json.dumps(text, ensure_ascii=False)}'
        if any(same in post.answer and json.loads(post.answer).get("text") == text for post in posts):
            return _error(_SHARE, 20019)
        status = _status(len(turn.since(UID, _EVER)), text, now)
        if self.is_slow:
            body = {"request": _SHARE, "error_code": "20032", "error": _WORDS[20032]}
            return Reply(status=400, body=json.dumps(body | status), accepted=True, account=UID)
        return Reply(body=json.dumps(status, ensure_ascii=False), accepted=True, account=UID)

    def _share_code(self, asked: Mapping[str, str], text: str, picture: bytes | None) -> int | tuple[int, str]:
        if "status" not in asked or not asked.get("rip"):
            return 10016
        if not text.strip():
            return 20008
        if len(_ADDRESS.sub("x" * 11, text)) > TEXT_MAX:
            return 20012
        if re.search(r"#[^#]+#", text):
            return 10017, "text can not contain topic!"
        hosts = [urlsplit(address).hostname or "" for address in _ADDRESS.findall(text)]
        if not any(f".{host}".endswith(f".{self.safe_domain}") or not self.safe_domain for host in hosts):
            return 10017, "text not find domain!"
        if picture is not None and not picture.startswith(_MAGIC):
            return 20005
        return 20006 if picture is not None and len(picture) >= _PICTURE_MAX else 0

    def _article(self, asked: Mapping[str, str], now: datetime, turn: Turn) -> Reply:
        needed = ("title", "content", "cover", "text", "rip")
        limits = {"title": 32, "content": 90_000, "text": 1900}
        if not all(asked.get(name) for name in needed) or any(len(asked[name]) > most for name, most in limits.items()):
            return _said({"code": "10008", "msg": "param error", "data": {}}, accepted=False)
        status = _status(len(turn.since(UID, _EVER)), asked["text"], now)
        number = f"2309404{status['idstr']}"
        data = {
            "object_id": f"1022:{number}",
            "url": f"https://weibo.com/ttarticle/p/show?id={number}",
            "mid": status["mid"],
        }
        return _said(
            {"code": "100000", "msg": "", "data": data, "text": asked["text"], "status": status}, accepted=True
        )

    def _timeline(self, asked: Mapping[str, str], now: datetime, turn: Turn) -> Reply:
        gone = {row.message for row in turn.since(UID, _EVER) if row.path == _DESTROY and row.message}
        shown_before = now - timedelta(minutes=2) if self.is_slow else now
        rows: list[dict[str, Any]] = []
        for post in reversed(_posts(turn)):
            answer = json.loads(post.answer)
            status = answer.get("status", answer)
            if (
                status["idstr"] in gone
                or post.at > shown_before
                or int(status["id"]) <= int(asked.get("since_id", "0"))
            ):
                continue
            rows.append(self._listed(status))
        return _ok({"statuses": rows[: int(asked.get("count", "20"))], "total_number": len(rows)})

    def _counts(self, asked: Mapping[str, str], turn: Turn) -> Reply:
        """Numbers of what is there; what is not is left out, as the platform does."""
        gone = {row.message for row in turn.since(UID, _EVER) if row.path == _DESTROY and row.message}
        answers = (json.loads(post.answer) for post in _posts(turn))
        there = {status["idstr"] for answer in answers if (status := answer.get("status", answer))} - gone
        rows = [
            {"id": int(number), "reposts": self.counts[0], "comments": self.counts[1], "attitudes": self.counts[2]}
            for number in asked.get("ids", "").split(",")
            if number in there
        ]
        return Reply(body=json.dumps(rows), account=UID)

    def _listed(self, status: Mapping[str, Any]) -> dict[str, Any]:
        """As a reader gets it: addresses shortened."""
        text = str(status["text"])
        found = _ADDRESS.findall(text)
        for address in found:
            text = text.replace(address, f"http://t.cn/{fingerprint(address)[:7]}")
        links = [{"short_url": f"http://t.cn/{fingerprint(a)[:7]}", "url_long": a} for a in found]
        shown = {name: status[name] for name in ("id", "idstr", "mid", "created_at", "user")}
        return shown | {"text": f"{text} \u200b"} | ({"url_struct": links} if self.tells_links else {})

    def _destroy(self, number: str, turn: Turn) -> Reply:
        rows = turn.since(UID, _EVER)
        gone = {row.message for row in rows if row.path == _DESTROY}
        for post in _posts(turn):
            status = json.loads(post.answer)
            if status.get("idstr") == number and number not in gone:
                return Reply(body=post.answer, account=UID, message=number)
        return _error(_DESTROY, 20101)


def _posts(turn: Turn) -> list[Received]:
    return [row for row in turn.since(UID, _EVER) if row.accepted]


def _pace_code(posts: Sequence[Received], now: datetime) -> int:
    recent = sum(post.at > now - timedelta(hours=1) for post in posts)
    return 20016 if recent >= POSTS_AN_HOUR else 0


def _status(number: int, text: str, now: datetime) -> dict[str, Any]:
    identity = 5_000_000_000_000_001 + number
    beijing = now.astimezone(timezone(timedelta(hours=8)))
    made = f"{_DAYS[beijing.weekday()]} {_MONTHS[beijing.month - 1]} {beijing:%d %H:%M:%S} +0800 {beijing.year}"
    return {
        "created_at": made,
        "id": identity,
        "idstr": str(identity),
        "mid": str(identity),
        "text": text,
        "user": {"id": int(UID), "idstr": UID},
    }


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _ok(answer: Mapping[str, Any]) -> Reply:
    return Reply(body=json.dumps(answer, ensure_ascii=False), account=UID)


def _said(answer: Mapping[str, Any], *, accepted: bool) -> Reply:
    return Reply(body=json.dumps(answer, ensure_ascii=False), account=UID, accepted=accepted)


def _error(path: str, code: int | tuple[int, str]) -> Reply:
    number, words = code if isinstance(code, tuple) else (code, _WORDS[code])
    body = json.dumps({"request": path, "error_code": str(number), "error": words})
    return Reply(status=403 if number in {10014, 10023} else 400, body=body, account=UID)
