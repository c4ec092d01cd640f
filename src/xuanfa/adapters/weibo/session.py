"""Who we are to Weibo: the authorisation that a person gave, how long it lasts, and how it is obtained.

Web applications get no refresh token (platforms.md, Weibo authorisation), so a person signs in again before the end.
The token is kept under the life that
the platform named; a mark beside it lives ``warn_days`` less, so that the end is seen coming without a request.
"""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.clock import clock_off
from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.shared.oauth import rehearsed_callback, sign_in_again, stranger
from xuanfa.adapters.weibo.answers import WEIBO, error_code, meaning_of
from xuanfa.adapters.weibo.config import WeiboConfig
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.moments import life_of
from xuanfa.domain.remedy import Remedy

#: What the practice platform lets in without a sign-in, so that a rehearsal needs none.
REHEARSED = "rehearsal"

_TOKEN, _ONCE, _FRESH = "token", "signed in once", "fresh"


@dataclass(frozen=True, slots=True)
class Grant:
    """An authorisation. ``kept`` is the value as it is kept, for forgetting it; empty where it comes from the settings."""

    token: str = field(repr=False)
    uid: str = ""
    kept: str = field(default="", repr=False)


class Session:
    """The authorisation of one account."""

    def __init__(self, config: WeiboConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools

    def grant(self) -> Grant | None:
        """The living authorisation; ``None`` where a person must sign in."""
        if token := self._config.access_token.get_secret_value():
            return Grant(token, self._config.account)
        kept = self._tools.recall(_TOKEN)
        if kept is not None:
            data = json.loads(kept)
            return Grant(data["access_token"], data["uid"], kept)
        return Grant(REHEARSED, "1000000001") if self._config.rehearsal and not self._was_signed_in else None

    @property
    def _was_signed_in(self) -> bool:
        return self._tools.recall(_ONCE) is not None

    @property
    def lack(self) -> str:
        """Why there is no authorisation, in words."""
        if self._was_signed_in:
            return say("微博授权已到期或被收回", "the authorisation at Weibo has ended or was withdrawn")
        return say("还没有登录微博账号", "nobody has signed in to the Weibo account yet")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that no message may show."""
        grant = self.grant()
        own = (self._config.app_secret.get_secret_value(), self._config.access_token.get_secret_value())
        return (*own, grant.token if grant and grant.token != REHEARSED else "")

    @property
    def warning(self) -> str:
        """That the end is near, for the record of a delivery; empty where it is not, or not known."""
        grant = self.grant()
        if grant is None or not grant.kept or self._tools.recall(_FRESH) is not None:
            return ""
        return say(
            "微博授权将在 {days} 天内到期，请尽快重新登录",
            "the authorisation at Weibo ends within {days} days; sign in again soon",
            days=self._config.warn_days,
        )

    def drop(self, grant: Grant) -> None:
        """The platform no longer takes it."""
        if grant.kept:
            self._tools.forget(_TOKEN, grant.kept)

    def mind(self, grant: Grant, answer: Answer) -> None:
        """Do not try a token again that this answer refuses."""
        if meaning_of(answer) is Meaning.SIGN_IN:
            self.drop(grant)

    def authorise_address(self, state: str) -> str:
        """Where a person gives the authorisation. In a rehearsal, where the platform would send them afterwards."""
        if self._config.rehearsal:
            return rehearsed_callback(self._config.redirect_uri, state)
        asked = {
            "client_id": self._config.app_key,
            "redirect_uri": self._config.redirect_uri,
            "response_type": "code",
            "state": state,
            "forcelogin": "true",  # or the browser's last account is taken without a question
        }
        return f"{self._config.base_url}/oauth2/authorize?{urlencode(asked)}"

    def sign_in(self, code: str) -> Sequence[Finding]:
        """Trade the code for a token and keep it."""
        secret = self._config.app_secret.get_secret_value()
        answer = send_once(
            self._tools.http,
            "POST",
            f"{self._config.base_url}/oauth2/access_token",
            data={
                "client_id": self._config.app_key,
                "client_secret": secret,
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._config.redirect_uri,
            },
            secrets=(secret, code),
        )
        if not isinstance(answer, Answer):
            return [_failed(answer.evidence)]
        fields = answer.fields
        token, uid, life = fields.get("access_token"), str(fields.get("uid") or ""), _seconds(fields, "expires_in")
        if not answer.ok or not isinstance(token, str) or not token or life <= 0:
            # The answer is not quoted: one that is half understood may hold a token.
            return [_failed(WEIBO.why(error_code(answer), answer))]
        wanted = self._config.account if self._config.account.isdecimal() else ""
        if owner := stranger(self._tools, uid, wanted=wanted):
            return [_other_account(uid, owner)]
        found = [self._keep(token, uid, life_of(life))]
        return [*found, _overruled()] if self._config.access_token.get_secret_value() else found

    def _keep(self, token: str, uid: str, life: timedelta) -> Finding:
        fresh = life - timedelta(days=self._config.warn_days)
        if fresh > timedelta(0):
            self._tools.keep(_FRESH, "1", fresh)
        self._tools.keep(_ONCE, "1", None)
        self._tools.keep(_TOKEN, json.dumps({"access_token": token, "uid": uid}), life)
        message = say(
            "已登录微博账号 {uid}，授权还有{left}。到期前 {days} 天起 {doctor} 会提醒。",
            "Signed in to the Weibo account {uid}; the authorisation lasts {left}. {doctor} warns {days} days ahead.",
            uid=uid,
            left=in_words(life),
            days=self._config.warn_days,
            doctor=Remedy("doctor"),
        )
        return Finding(code="weibo.signed_in", message=message, severity=Severity.WARN)

    def examine(self) -> Sequence[Finding]:
        """Ask the platform about the authorisation: whether it holds, whose it is, and how long it lasts. One of the 100 requests a day."""
        grant = self.grant()
        if grant is None:
            return [_sign_in(self.lack)]
        answer = send_once(
            self._tools.http,
            "POST",
            f"{self._config.base_url}/oauth2/get_token_info",
            data={"access_token": grant.token},
            secrets=self.secrets,
        )
        if not isinstance(answer, Answer):
            text = say("查询授权失败：{why}", "the authorisation could not be asked for: {why}", why=answer.evidence)
            return [Finding(code="weibo.unreachable", message=text)]
        code, fields = error_code(answer), answer.fields
        if code is not None or not answer.ok:
            return [_sign_in(WEIBO.why(error_code(answer), answer))]
        clock = clock_off(answer.headers, "weibo")
        left = _seconds(fields, "expire_in") or _seconds(fields, "expires_in")
        if left <= 0:
            # Without the field nothing is known; with it, and zero, it has ended.
            ended = _sign_in(say("微博授权已到期", "the authorisation has ended"))
            return [*clock, ended] if "expire_in" in fields else clock
        if life_of(left) > timedelta(days=self._config.warn_days):
            well = say("授权还有{left}", "the authorisation lasts {left}", left=in_words(life_of(left)))
            return [*clock, Finding(code="weibo.authorised", message=well, severity=Severity.NOTE)]
        text = say(
            "微博授权只剩{left}，请尽快用 {sign_in} 重新登录这个渠道",
            "the authorisation at Weibo lasts only {left}; run {sign_in} with this channel's id soon",
            left=in_words(life_of(left)),
            sign_in=Remedy("sign_in"),
        )
        return [*clock, Finding(code="weibo.ends_soon", message=text, severity=Severity.WARN)]


def in_words(life: timedelta) -> str:
    """How long, in whole days, or hours where it is less than two days."""
    if life < timedelta(days=2):
        return say(" {n} 小时", "{n} hours", n=int(life.total_seconds() // 3600))
    return say(" {n} 天", "{n} days", n=life.days)


def _seconds(fields: Mapping[str, object], name: str) -> int:
    value = fields.get(name)
    with contextlib.suppress(ValueError):
        return int(str(value)) if value is not None else 0
    return 0


def _failed(why: str) -> Finding:
    message = say(
        "没有登录成功：{why}。请核对 app_key、app_secret 和 redirect_uri（要与 open.weibo.com 上登记的完全一致），再登录一次。",
        "Signing in failed: {why}. Check app_key, app_secret and redirect_uri (exactly as registered on open.weibo.com), then sign in again.",
        why=why,
    )
    return Finding(code="weibo.sign_in_failed", message=message)


def _other_account(uid: str, wanted: str) -> Finding:
    message = say(
        '登录的是账号 {uid}，而这个渠道属于账号 {wanted}，没有保存。请换账号登录；确要改用 {uid}，在渠道设置里写 account = "{uid}"。',
        "The account {uid} signed in, but this channel is that of {wanted}; nothing was kept. Sign in with that one; to change over to {uid}, "
        'set account = "{uid}" in the channel.',
        uid=uid,
        wanted=wanted,
    )
    return Finding(code="weibo.other_account", message=message)


def _overruled() -> Finding:
    message = say(
        "设置里还写着 access_token，它优先于这次登录。请把它删去。",
        "The setting access_token is still there and goes before this sign-in. Remove it.",
    )
    return Finding(code="weibo.overruled", message=message, severity=Severity.WARN)


def _sign_in(why: str) -> Finding:
    return Finding(code="weibo.sign_in", message=sign_in_again(why))
