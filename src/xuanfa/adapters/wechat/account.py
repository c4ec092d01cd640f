"""One official account as its interface shows it: the shared token, and one call with what its answer proves.

The token is the stable one in normal mode: every process may ask for it and gets the same (platforms.md, WeChat token), so that renewing it breaks
nobody. It travels in the query of every address, and is masked in every text that comes back.
"""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.codes import WAITS, Meaning
from xuanfa.adapters.shared.http import Answer, judge_status, send_once
from xuanfa.adapters.wechat.codes import TOKEN_CODES, meaning_of, quoting, sentence
from xuanfa.adapters.wechat.config import WechatConfig
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.moments import life_of
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.shown import masked

#: A token is given up this long before its end: WeChat issues the next one within the last five minutes, and both are good.
EARLY = timedelta(seconds=300)
#: Names of what is kept for the account.
TOKEN, MODE = "token", "mode"
MINUTE = WAITS[Meaning.MINUTE]
_PERHAPS_ADDRESS = re.compile(r"[0-9a-fA-F:]*[.:][0-9a-fA-F.:]*[0-9a-fA-F]")

Trouble = Deferred | Rejected | Unknown | Unsent


@dataclass(frozen=True, slots=True)
class Said:
    """A readable answer. ``code`` is the ``errcode``, 0 where there is none; ``excerpt`` is masked."""

    code: int
    fields: Mapping[str, Any] = field(repr=False)
    excerpt: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """Whether the platform did what it was asked."""
        return self.code == 0

    def text(self, name: str) -> str:
        """A field as text; the platform writes ids as numbers in some answers. Empty where it is missing."""
        value = self.fields.get(name)
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A list of objects; empty where it is none."""
        value = self.fields.get(name)
        return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


class _NoTokenError(Exception):
    """Carries why there is no token through ``remember``."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble


class Account:
    """Calls in the name of one account."""

    def __init__(self, config: WechatConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._secret = config.app_secret.get_secret_value() or "rehearsal"

    def call(
        self, path: str, data: Mapping[str, Any] | None = None, *, picture: Path | None = None, **query: str
    ) -> Said | Trouble:
        """A repeatable call: a read, an upload, a draft. A refused token is renewed once.

        POSTs ``data`` as JSON, or ``picture`` as the file part that the platform asks for; GETs where there is neither.
        """
        said = self._once(path, data, picture, query)
        if isinstance(said, Said) and meaning_of(said.code) is Meaning.EXPIRED:
            said = self._once(path, data, picture, query)
        return said

    def call_once(self, path: str, data: Mapping[str, Any]) -> Said | Trouble:
        """One irreversible call. Never repeated; a refused token is dropped, which proves that nothing was done."""
        return self._once(path, data, None, {})

    def _once(
        self, path: str, data: Mapping[str, Any] | None, picture: Path | None, query: Mapping[str, str]
    ) -> Said | Trouble:
        try:
            token = self._tools.remember(TOKEN, self._new_token)
        except _NoTokenError as error:
            return error.trouble
        said = self._send(path, {"access_token": token, **query}, _body(data, picture), (token,))
        if isinstance(said, Said) and meaning_of(said.code) is Meaning.EXPIRED:
            self._tools.forget(TOKEN, token)
        return said

    def _new_token(self) -> tuple[str, timedelta | None]:
        """Ask for the stable token in normal mode. Forcing a new one is never done: it costs twenty a day and breaks other processes."""
        app_id = self._config.app_id or "rehearsal"
        asked = {"grant_type": "client_credential", "appid": app_id, "secret": self._secret, "force_refresh": False}
        said = self._send("/cgi-bin/stable_token", {}, _body(asked, None), (self._secret,))
        if not isinstance(said, Said):
            raise _NoTokenError(_nothing_done(said))
        token, life = said.text("access_token"), said.fields.get("expires_in")
        if said.ok and token and isinstance(life, int):
            return token, max(life_of(life) - EARLY, timedelta(seconds=1))
        if said.ok:
            raise _NoTokenError(
                Unsent(evidence=say("取令牌时得到看不懂的回答", "an unreadable answer instead of a token"))
            )
        raise _NoTokenError(_token_refused(said))

    def _send(
        self, path: str, query: Mapping[str, str], body: Mapping[str, Any], secrets: tuple[str, ...]
    ) -> Said | Trouble:
        method = "POST" if body else "GET"
        hidden = (*secrets, self._secret)
        answer = send_once(
            self._tools.http, method, f"{self._config.base_url}{path}", params=dict(query), secrets=hidden, **body
        )
        if not isinstance(answer, Answer):
            return answer
        return judge_status(answer) or _read(answer, hidden)


def _body(data: Mapping[str, Any] | None, picture: Path | None) -> dict[str, Any]:
    """What httpx sends. Chinese goes as UTF-8: WeChat refuses ``\\uxxxx`` (40033)."""
    if picture is not None:
        kind = {".png": "image/png", ".gif": "image/gif"}.get(picture.suffix, "image/jpeg")
        return {"files": {"media": (picture.name, picture.read_bytes(), kind)}}
    if data is None:
        return {}
    return {
        "content": json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(),
        "headers": {"Content-Type": "application/json; charset=utf-8"},
    }


def _read(answer: Answer, secrets: tuple[str, ...]) -> Said | Unknown:
    """The ``errcode``; success often has none at all. Anything that is no JSON object is doubt."""
    code = answer.fields.get("errcode", 0)
    if not answer.fields or not isinstance(code, int) or isinstance(code, bool):
        return Unknown(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))
    excerpt = answer.excerpt if code == 0 else masked(str(answer.fields.get("errmsg", "")), secrets)[:200]
    return Said(code, answer.fields, excerpt, answer.headers)


def _nothing_done(trouble: Trouble) -> Trouble:
    """A token that did not arrive leaves nothing behind."""
    return Unsent(evidence=trouble.evidence) if isinstance(trouble, Unknown) else trouble


def _token_refused(said: Said) -> Trouble:
    if said.code in TOKEN_CODES:
        words = say(
            "AppSecret 不对，请到公众平台“基本配置”重置后填入 app_secret",
            "the AppSecret is wrong: reset it in the console and put it into app_secret",
        )
        return _refused(said, Blame.CHANNEL, quoting(words, said.code, said.excerpt))
    match meaning_of(said.code):
        case Meaning.BUSY:
            return Unsent(evidence=sentence(said.code, said.excerpt))
        case Meaning.MINUTE | Meaning.DAY:
            return Deferred(
                after=MINUTE if meaning_of(said.code) is Meaning.MINUTE else timedelta(hours=1),
                reason=sentence(said.code, said.excerpt),
            )
        case _:
            return refusal(said, Blame.CHANNEL)


def refusal(said: Said, blame: Blame) -> Rejected:
    """The refusal in words; 40164 names the address to be put on the allow-list."""
    address = _address_in(said.excerpt)
    if said.code == 40164 and address:  # noqa: PLR2004 - the platform's code
        words = say(
            "请把 {address} 加入公众平台的 IP 白名单（设置与开发 → 开发接口管理 → 基本配置），约 5 分钟后生效",
            "put {address} on the account's IP allow-list (basic settings of the developer section); it counts after about 5 minutes",
            address=address,
        )
        return _refused(said, blame, quoting(words, said.code, said.excerpt))
    return _refused(said, blame, sentence(said.code, said.excerpt))


def _address_in(text: str) -> str:
    """The first IP address in the platform's words, of either family; empty where there is none."""
    for found in _PERHAPS_ADDRESS.findall(text):
        try:
            address = ipaddress.ip_address(found)
        except ValueError:
            continue
        return str(getattr(address, "ipv4_mapped", None) or address)
    return ""


def _refused(said: Said, blame: Blame, words: str) -> Rejected:
    message = say("{words}。", "{words}.", words=words)
    return Rejected(findings=(Finding(code=f"wechat.{said.code}", message=message),), blame=blame)


def trouble_of(said: Said, now: datetime) -> Trouble:
    """What a refused *repeatable* call means: nothing is public whatever the code is."""
    words = sentence(said.code, said.excerpt)
    match meaning_of(said.code):
        case Meaning.MINUTE:
            return Deferred(after=MINUTE, reason=words)
        case Meaning.DAY:
            return Deferred(after=until_tomorrow(now), reason=words)
        case Meaning.EXPIRED:
            # Renewed once already: the platform refuses its own token, and so it will for every other post.
            return refusal(said, Blame.CHANNEL)
        case Meaning.CHANNEL | Meaning.DRAFT_ONLY:
            return refusal(said, Blame.CHANNEL)
        case Meaning.BUSY:
            return Unsent(evidence=words)
        case _:
            return refusal(said, Blame.CONTENT)


def until_tomorrow(now: datetime) -> timedelta:
    """Until shortly after midnight where ``now`` is told: daily quotas are counted by the day in Beijing."""
    midnight = now.replace(hour=0, minute=5, second=0, microsecond=0) + timedelta(days=1)
    return midnight - now
