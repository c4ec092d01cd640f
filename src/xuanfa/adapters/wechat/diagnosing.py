"""Doctor: whether the account can be used, without changing anything: token, permission, quota, clock, address."""

from collections.abc import Sequence

import httpx

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.addresses import reach, unencrypted
from xuanfa.adapters.shared.clock import clock_off
from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.wechat.account import MODE, Account, Said, Trouble
from xuanfa.adapters.wechat.codes import meaning_of, sentence
from xuanfa.adapters.wechat.config import WechatConfig
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Deferred, Rejected

#: The daily quota is worth a word when less than this part of it is left.
QUOTA_LOW = 0.1
_PATHS = {
    "draft": "/cgi-bin/draft/add",
    "publish": "/cgi-bin/freepublish/submit",
    "mass": "/cgi-bin/message/mass/sendall",
}


class Diagnosing:
    """Examines one account."""

    def __init__(self, config: WechatConfig, tools: Tools, account: Account) -> None:
        self._config = config
        self._tools = tools
        self._account = account

    def diagnose(self) -> Sequence[Finding]:
        """What is wrong, in plain words; empty is well."""
        base = httpx.URL(self._config.base_url)
        if not self._config.rehearsal and (unreachable := reach(self._tools.http, base, allow_private=True)):
            return unreachable
        # The one harmless call that needs the token, the allow-list and, beyond drafts, the permission (platforms.md, WeChat permissions).
        said = self._account.call("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1, "no_content": 1})
        if not isinstance(said, Said):
            return _trouble(said)
        return (*unencrypted(base), *self._permission(said), *clock_off(said.headers, "wechat"), *self._quota())

    def _permission(self, said: Said) -> tuple[Finding, ...]:
        if said.ok:
            kept = self._tools.recall(MODE)
            if kept:
                self._tools.forget(MODE, kept)  # it was draft-only, and may publish again
            return ()
        if meaning_of(said.code) is not Meaning.DRAFT_ONLY:
            return (
                Finding(
                    code=f"wechat.{said.code}",
                    message=say("{words}。", "{words}.", words=sentence(said.code, said.excerpt)),
                ),
            )
        if self._config.mode == "draft":
            return ()
        message = say(
            "该公众号没有发布接口的权限（多为未认证账号）：稿件只会存入草稿箱，由人在公众平台发表。完成微信认证后自动恢复；"
            '长期如此请把 mode 改为 "draft"。',
            "The account may not publish by the interface (usually because it is not verified): posts are kept as drafts, and a person "
            'publishes them. It recovers by itself once verified; otherwise set mode = "draft".',
        )
        return (Finding(code="wechat.draft_only", message=message, severity=Severity.WARN),)

    def _quota(self) -> tuple[Finding, ...]:
        path = _PATHS[self._config.mode]
        said = self._account.call("/cgi-bin/openapi/quota/get", {"cgi_path": path})
        quota = said.fields.get("quota") if isinstance(said, Said) and said.ok else None
        if not isinstance(quota, dict):
            return ()
        limit, remain = quota.get("daily_limit"), quota.get("remain")
        if not isinstance(limit, int) or not isinstance(remain, int):
            return ()
        facts = {"path": path, "remain": remain, "limit": limit}
        if remain > limit * QUOTA_LOW:
            left = say("接口今天还可调用 {remain} 次（共 {limit} 次）", "{remain} of {limit} calls left today", **facts)
            return (Finding(code="wechat.quota", message=left, severity=Severity.NOTE),)
        message = say(
            "接口 {path} 今天还剩 {remain} 次（共 {limit} 次）。请错开发布，或明天再发。",
            "The interface {path} has {remain} of {limit} calls left today. Spread the posts, or wait for tomorrow.",
            **facts,
        )
        severity = Severity.BLOCK if remain <= 0 else Severity.WARN
        return (Finding(code="wechat.quota", message=message, severity=severity),)


def _trouble(trouble: Trouble) -> tuple[Finding, ...]:
    if isinstance(trouble, Rejected):
        return trouble.findings
    words = trouble.reason if isinstance(trouble, Deferred) else trouble.evidence
    message = say(
        "没有得到微信的有效回答：{words}。请稍后再试。",
        "No usable answer from WeChat: {words}. Try again later.",
        words=words,
    )
    return (Finding(code="wechat.no_answer", message=message),)
