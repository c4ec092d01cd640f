"""Who we are to Douyin: an access token for 15 days, made from a refresh token for 30, which may be renewed five times.

What is kept: ``grant`` (refresh token and account), ``access`` (access token and account), each as one value, so that no reader sees half
of a rotation; ``fresh``, a mark that dies before the grant does, so that it is renewed in time without a clock; ``renewing``, a mark that
is left behind where the answer to a renewal was lost: then the old refresh token may be dead, and only a person can help.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from xuanfa.adapters.douyin.answers import DOUYIN, Refusal, data_of, error_code, meaning_of
from xuanfa.adapters.douyin.config import DouyinConfig
from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.shared.oauth import rehearsed_callback, sign_in_again, stranger
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.moments import life_of
from xuanfa.domain.outcome import Unknown, Unsent

#: How long before its end a refresh token is renewed.
RENEW_BEFORE = timedelta(days=10)
#: An access token is not used in its last hour, so that it does not end between two requests.
_MARGIN = timedelta(hours=1)
#: A renewal that was refused is asked for again after a day, one that did not leave after ten minutes.
_ASK_AGAIN, _TRY_AGAIN = timedelta(days=1), timedelta(minutes=10)
_REFRESH_LIFE = timedelta(days=30)
#: How long a lost renewal is remembered, for telling why the authorisation ended: longer than grant and access token live.
_DOUBTED = timedelta(days=60)
#: What the practice platform lets in without a sign-in.
REHEARSED = "rehearsal"


@dataclass(frozen=True, slots=True)
class Access:
    """A token to call with. ``kept`` is the value as it is kept, for forgetting it."""

    token: str = field(repr=False)
    open_id: str
    kept: str = field(default="", repr=False)


class _Stopped(Exception):  # noqa: N818 - not an error: the way out of a value that cannot be made
    """Why there is no access token."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(type(refusal).__name__)
        self.refusal = refusal


class Session:
    """The authorisation of one account."""

    def __init__(self, config: DouyinConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._seen: set[str] = set()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that no message may show."""
        return (self._config.client_secret.get_secret_value(), *self._seen)

    def access(self, channel: str) -> Access | Refusal:
        """The living access token, refreshed by one process for all where it has ended; or why there is none."""
        if self._is_unsigned_rehearsal:
            return Access(REHEARSED, REHEARSED)
        try:
            kept = self._tools.remember("access", lambda: self._refresh(channel))
        except _Stopped as stopped:
            return stopped.refusal
        data = json.loads(kept)
        self._seen.add(data["access_token"])
        return Access(data["access_token"], data["open_id"], kept)

    @property
    def _is_unsigned_rehearsal(self) -> bool:
        return self._config.rehearsal and self._tools.recall("signed in once") is None

    def mind(self, access: Access, answer: Answer) -> None:
        """Do not use a token again that this answer calls ended."""
        if access.kept and meaning_of(answer) in {Meaning.EXPIRED, Meaning.SIGN_IN}:
            self._tools.forget("access", access.kept)

    def _refresh(self, channel: str) -> tuple[str, timedelta]:
        """A new access token. It may be asked for as often as needed: the refresh token stays the same."""
        kept = self._tools.recall("grant")
        if kept is None:
            raise _Stopped(DOUYIN.sign_in_needed(channel, self._lack))
        grant = json.loads(kept)
        asked = {
            "client_key": self._config.client_key,
            "grant_type": "refresh_token",
            "refresh_token": grant["refresh_token"],
        }
        answer = self._post("/oauth/refresh_token/", asked)
        if not isinstance(answer, Answer):
            raise _Stopped(Unsent(evidence=answer.evidence))
        data, code = data_of(answer), error_code(answer)
        if code in {10008, 10010}:
            self._tools.forget("grant", kept)
            raise _Stopped(DOUYIN.sign_in_needed(channel, self._lack))
        if code != 0 or not answer.ok or not isinstance(data.get("access_token"), str):
            raise _Stopped(self._not_refreshed(channel, code, answer))
        return _access(data, grant["open_id"]), _usable(data)

    def _not_refreshed(self, channel: str, code: int | None, answer: Answer) -> Refusal:
        meaning = DOUYIN.codes.get(code or 0)
        if meaning is not None and meaning.meaning in {Meaning.CHANNEL, Meaning.SIGN_IN}:
            return DOUYIN.sign_in_needed(channel, meaning.words)
        return Unsent(evidence=DOUYIN.why(error_code(answer), answer))

    def renew(self) -> None:
        """Renew the refresh token when its end comes near. Never repeated after a lost answer: the old one may be dead by then."""
        kept = self._tools.recall("grant")
        if kept is None or self._tools.recall("fresh") is not None or self._is_in_doubt(json.loads(kept)):
            return
        self._tools.remember("renewal", lambda: self._renewed(kept))

    def _renewed(self, kept: str) -> tuple[str, timedelta]:
        """How it went, and for how long not to ask again."""
        grant = json.loads(kept)
        mark = grant["refresh_token"]
        self._tools.keep("renewing", mark, _DOUBTED)  # before it leaves: a crash must not hide that it did
        answer = self._post(
            "/oauth/renew_refresh_token/",
            {"client_key": self._config.client_key, "refresh_token": grant["refresh_token"]},
        )
        if isinstance(answer, Unsent):
            self._tools.forget("renewing", mark)
            return "unsent", _TRY_AGAIN
        if isinstance(answer, Unknown):
            return "lost", _ASK_AGAIN
        code, token = error_code(answer), data_of(answer).get("refresh_token")
        if code == 0 and isinstance(token, str) and token:
            life = _life(data_of(answer), "refresh_expires_in", "expires_in") or _REFRESH_LIFE
            self._keep_grant(grant | {"refresh_token": token}, life)
            self._tools.forget("renewing", mark)
            return "renewed", max(life - RENEW_BEFORE, _TRY_AGAIN)
        if DOUYIN.meaning(code) not in {None, Meaning.BUSY}:
            self._tools.forget("renewing", mark)
            return str(code), _ASK_AGAIN
        return "lost", _ASK_AGAIN

    def _is_in_doubt(self, grant: Mapping[str, Any]) -> bool:
        return bool(self._tools.recall("renewing") == grant["refresh_token"])

    def _keep_grant(self, grant: Mapping[str, Any], life: timedelta) -> None:
        """One write puts the new refresh token in place of the old one."""
        self._tools.keep("grant", json.dumps(dict(grant)), life)
        if life > RENEW_BEFORE:
            self._tools.keep("fresh", "1", life - RENEW_BEFORE)

    @property
    def _lack(self) -> str:
        if self._tools.recall("renewing") is not None:
            return say(
                "抖音授权续期的答复丢失了，旧的授权可能已经作废",
                "the answer to a renewal of the authorisation at Douyin was lost, and the old one may be dead",
            )
        if self._tools.recall("signed in once") is not None:
            return say("抖音授权已到期或被取消", "the authorisation at Douyin has ended or was cancelled")
        return say("还没有登录抖音账号", "nobody has signed in to the Douyin account yet")

    def warnings(self) -> Sequence[Finding]:
        """What a person should know about the authorisation's end, while the access token may still live; asks nobody."""
        if self._is_unsigned_rehearsal or self._tools.recall("fresh") is not None:
            return ()
        kept = self._tools.recall("grant")
        if kept is None or self._is_in_doubt(json.loads(kept)):
            code = "douyin.authorisation_lost"
            return [Finding(code=code, message=sign_in_again(self._lack))]
        why = say(
            "抖音授权将在 {days} 天内到期",
            "the authorisation at Douyin ends within {days} days",
            days=RENEW_BEFORE.days,
        )
        return [Finding(code="douyin.ends_soon", message=sign_in_again(why), severity=Severity.WARN)]

    def authorise_address(self, state: str) -> str:
        """Where a person gives the authorisation. In a rehearsal, where the platform would send them afterwards."""
        if self._config.rehearsal:
            return rehearsed_callback(self._config.redirect_uri, state)
        asked = {
            "client_key": self._config.client_key,
            "response_type": "code",
            "scope": self._config.scope,
            "redirect_uri": self._config.redirect_uri,
            "state": state,
        }
        return f"{self._config.base_url}/platform/oauth/connect/?{urlencode(asked)}"

    def sign_in(self, code: str) -> Sequence[Finding]:
        """Trade the code for tokens and keep them."""
        secret = self._config.client_secret.get_secret_value()
        asked = {"client_key": self._config.client_key, "client_secret": secret, "code": code}
        answer = self._post("/oauth/access_token/", asked | {"grant_type": "authorization_code"}, code)
        if not isinstance(answer, Answer):
            return [_failed(answer.evidence)]
        data = data_of(answer)
        named = [data.get(name) for name in ("access_token", "refresh_token", "open_id")]
        if error_code(answer) != 0 or not answer.ok or not all(isinstance(value, str) and value for value in named):
            return [_failed(DOUYIN.why(error_code(answer), answer))]
        open_id = str(data["open_id"])
        wanted = "" if self._config.rehearsal else self._config.account
        if stranger(self._tools, open_id, wanted=wanted):
            return [
                _failed(
                    say(
                        "登录的是另一个账号（open_id {id}），不是这个渠道的；确要改用它，在渠道设置里写 account",
                        "another account (open_id {id}) signed in than this channel's; to change over to it, set account in the channel",
                        id=open_id,
                    )
                )
            ]
        life = _life(data, "refresh_expires_in") or _REFRESH_LIFE
        self._tools.keep("signed in once", "1", None)
        self._keep_grant({"refresh_token": data["refresh_token"], "open_id": open_id}, life)
        self._tools.keep("access", _access(data, open_id), _usable(data))
        for name in ("renewal", "renewing"):
            if (old := self._tools.recall(name)) is not None:
                self._tools.forget(name, old)
        return [_signed_in(life)]

    def _post(self, path: str, form: Mapping[str, str], *more: str) -> Answer | Unsent | Unknown:
        hidden = (*self.secrets, form.get("refresh_token", ""), *more)
        return send_once(self._tools.http, "POST", self._config.base_url + path, data=dict(form), secrets=hidden)


def _access(data: Mapping[str, Any], open_id: str) -> str:
    return json.dumps({"access_token": data["access_token"], "open_id": str(data.get("open_id") or open_id)})


def _usable(data: Mapping[str, Any]) -> timedelta:
    """How long to use an access token. One without a life is asked for anew each hour."""
    return max((_life(data, "expires_in") or timedelta(0)) - _MARGIN, _MARGIN)


def _life(data: Mapping[str, Any], *names: str) -> timedelta | None:
    for name in names:
        value = str(data.get(name, ""))
        if value.isdecimal() and int(value):
            return life_of(int(value[:12]))
    return None


def _failed(why: str) -> Finding:
    message = say(
        "没有登录成功：{why}。请核对 client_key、client_secret 和 redirect_uri（要与开放平台登记的一致），再登录一次。",
        "Signing in failed: {why}. Check client_key, client_secret and redirect_uri (as registered), then sign in again.",
        why=why,
    )
    return Finding(code="douyin.sign_in_failed", message=message)


def _signed_in(life: timedelta) -> Finding:
    message = say(
        "已登录抖音账号。授权 {days} 天，到期前自动续期（最多 5 次，约半年），之后要重新登录。",
        "Signed in to the Douyin account. The authorisation lasts {days} days and is renewed by itself (five times, about half a year); "
        "then sign in again.",
        days=life.days,
    )
    return Finding(code="douyin.signed_in", message=message, severity=Severity.WARN)
