"""Whether a WordPress channel can work: asked, without changing anything."""

from collections.abc import Sequence

import httpx

from xuanfa.adapters.shared.addresses import reach, unencrypted
from xuanfa.adapters.shared.clock import clock_off
from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.wordpress.answers import Trouble
from xuanfa.adapters.wordpress.api import Api
from xuanfa.adapters.wordpress.config import WordpressConfig
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Deferred, Rejected, Unsent

#: What an author has, and a contributor lacks.
_RIGHTS = ("publish_posts", "edit_published_posts", "delete_published_posts", "upload_files")


def examined(api: Api, config: WordpressConfig) -> Sequence[Finding]:
    """What is wrong: no connection, no interface, no sign-in, too few rights."""
    url = httpx.URL(config.root)
    unreached = reach(api.client, url, allow_private=True)
    if unreached:
        return unreached
    trouble = api.find_root()
    answer = trouble or api.step("GET", "users/me", params={"context": "edit", "_fields": "id,capabilities"})
    if not isinstance(answer, Answer):
        return [*unencrypted(url), *_as_findings(answer)]
    found = _noisy(api.noise) if isinstance(answer.data, dict) else _unread(answer)
    lacking = _lacking(answer, config) if isinstance(answer.data, dict) else ()
    return [*unencrypted(url), *found, *clock_off(answer.headers, "wordpress"), *lacking]


def _unread(answer: Answer) -> Sequence[Finding]:
    """The account could not be read: nothing is known of its rights."""
    message = say(
        "网站的回答不是 JSON：{said}。请网站管理员检查插件、缓存和防火墙，或核对 base_url 和 rest。",
        "The site's answer is no JSON: {said}. Have plugins, cache and firewall checked, or base_url and rest.",
        said=answer.excerpt or say("（空的）", "(empty)"),
    )
    return (Finding(code="wordpress.no_json", message=message),)


def _noisy(noise: str) -> Sequence[Finding]:
    """What stands before the JSON; it is read over, and still the site is not well."""
    if not noise:
        return ()
    message = say(
        "网站的回答不是纯 JSON，前面多出：{noise}。程序跳过它照常发布；请网站管理员修好插件，并关闭 display_errors。",
        "The site's answer is no clean JSON; before it stands: {noise}. That is passed over; have the plugin mended, and display_errors "
        "switched off.",
        noise=noise,
    )
    return (Finding(code="wordpress.noise", message=message, severity=Severity.WARN),)


def _lacking(answer: Answer, config: WordpressConfig) -> Sequence[Finding]:
    granted = answer.fields.get("capabilities")
    named = any(isinstance(name, str) for name in config.categories)
    needed = (*_RIGHTS, *(["manage_categories"] if named and config.create_terms else []))
    lacking = [right for right in needed if not (isinstance(granted, dict) and granted.get(right))]
    if not lacking:
        return ()
    message = say(
        "账号 {user} 缺少权限：{rights}。请网站管理员把它设为“编辑”。",
        "The account {user} lacks permissions: {rights}. Ask the site's administrator to make it an editor.",
        user=config.username,
        rights=say("、", ", ").join(lacking),
    )
    return (Finding(code="wordpress.rights", message=message),)


def _as_findings(trouble: Trouble) -> Sequence[Finding]:
    match trouble:
        case Rejected(findings=findings):
            return findings
        case Deferred(reason=text) | Unsent(evidence=text):
            return (Finding(code="wordpress.unreadable", message=text),)
