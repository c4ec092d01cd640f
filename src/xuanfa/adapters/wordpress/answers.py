"""What an answer of WordPress proves: its ``code`` where it has one, else its status. Sources: ``docs/adapters/wordpress.md``."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from xuanfa.adapters.shared.http import BREATH, BREATH_MIN, Answer, judge_status
from xuanfa.adapters.shared.pages import is_page
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.strict_json import read_json

#: How a step ends that could not be done; nothing is public then.
Trouble = Deferred | Unsent | Rejected

_SIGN_IN = (
    "用户名或应用程序密码不对。请在 WordPress“个人资料”里新建应用程序密码，更新 username 和 application_password",
    "the user name or the application password is wrong. Make a new one in the profile on the site, and update both settings",
)
_RIGHTS = (
    "这个账号没有所需权限。请网站管理员把它设为“编辑”，或改用有权限的账号",
    "the account lacks a permission. Ask the site's administrator to make it an editor, or use another account",
)
_UPLOAD = (
    "网站不接受这个文件。请换一张 JPG 或 PNG 图片，或请网站管理员检查上传限制",
    "the site does not take this file. Use a JPG or PNG picture, or ask the site's administrator for the limits of uploads",
)

#: Every other post would fare the same.
CHANNEL: Mapping[str, tuple[str, str]] = {
    "rest_not_logged_in": (
        "登录没有成功：用户名或应用程序密码不对，或代理、防火墙去掉了 Authorization 头。请新建应用程序密码并核对 username；仍不行请网站管理员放行",
        "not signed in: user name or application password is wrong, or a proxy drops the Authorization header. Make a new password, check both",
    ),
    "incorrect_password": _SIGN_IN,
    "invalid_username": _SIGN_IN,
    "invalid_email": _SIGN_IN,
    "application_passwords_disabled": (
        "网站停用了应用程序密码（需要 https）。请让 base_url 使用 https，或请网站管理员启用",
        "the site has application passwords switched off (they need https). Use https in base_url, or ask the administrator",
    ),
    "application_passwords_disabled_for_user": _RIGHTS,
    **dict.fromkeys(
        (
            "rest_cannot_create",
            "rest_cannot_edit",
            "rest_cannot_publish",
            "rest_cannot_delete",
            "rest_cannot_edit_others",
            "rest_cannot_assign_term",
            "rest_cannot_assign_sticky",
            "rest_forbidden",
            "rest_forbidden_context",
            "rest_forbidden_status",
            "rest_user_cannot_view",
        ),
        _RIGHTS,
    ),
    "rest_no_route": (
        "网站没有这个接口，可能被插件关闭，或 base_url 不是网站根地址。请核对 base_url 和 rest，或请网站管理员启用 REST API",
        "the site has no such interface: a plugin may switch it off, or base_url is not the site's root. Check base_url and rest",
    ),
    "rest_disabled": (
        "网站关闭了 REST API。请网站管理员为这个账号启用",
        "the site has its REST interface switched off; ask the administrator to allow it for this account",
    ),
    "rest_trash_not_supported": (
        "网站没有回收站，接口只能彻底删除，程序不会这样做。请在 WordPress 后台处理",
        "the site has no trash, and deleting for good is not done from here. Withdraw the post on the site itself",
    ),
}
#: This post, or one of its pictures.
CONTENT: Mapping[str, tuple[str, str]] = {
    "rest_invalid_param": (
        "某项内容不合网站要求。请按原话修改稿件",
        "a part of the post is not as the site wants it. Change it as the site says",
    ),
    "empty_content": ("标题、正文和摘要都是空的。请补写", "title, text and summary are empty. Write them"),
    "rest_upload_file_too_big": _UPLOAD,
    "rest_upload_limited_space": _UPLOAD,
    "rest_upload_invalid_disposition": _UPLOAD,
    "rest_upload_no_data": _UPLOAD,
    # 500, but for good: WordPress answers it for types that the site does not allow.
    "rest_upload_sideload_error": _UPLOAD,
    "rest_upload_unknown_error": _UPLOAD,
}
#: What staging prepared is gone again; nothing was written, and the next try prepares it anew.
GONE = frozenset(
    {"rest_post_invalid_id", "rest_invalid_featured_media", "rest_term_invalid", "rest_upload_hash_mismatch"}
)


#: In place of the interface: by a server whose rewrite rules lack it, or that takes no requests of this size.
_NO_REWRITE = (
    '网站的 /wp-json 没有转给 WordPress（少了转发规则）。请在渠道设置里写 rest = "plain"，或请网站管理员补上规则',
    'the server does not hand /wp-json to WordPress (a rewrite rule is missing). Set rest = "plain", or have the rule added',
)


def refusal(answer: Answer) -> Trouble | Unknown | None:
    """Why an answer is no success; ``None`` for a 2xx. 5xx without a code that is known is doubt: see ``of_step`` for where it is not."""
    code = code_of(answer)
    if answer.ok:
        return judge_status(answer) if answer.data is None else None
    if answer.status == httpx.codes.NOT_FOUND and not code:
        return _rejected("no_rewrite", _NO_REWRITE, answer, Blame.CHANNEL)
    if code in GONE:
        return Unsent(evidence=say("网站拒绝（{said}）", "the site refused ({said})", said=answer.excerpt))
    if code in CHANNEL:
        return _rejected(code, CHANNEL[code], answer, Blame.CHANNEL)
    if code in CONTENT:
        return _rejected(code, CONTENT[code], answer, Blame.CONTENT)
    if answer.status == httpx.codes.CONFLICT:
        return Deferred(after=wait_of(answer), reason=say("网站正忙（409）", "the site is busy (409)"))
    return judge_status(answer)


def of_step(answer: Answer | Unsent | Unknown) -> Trouble | None:
    """The same for a request that changes nothing public and may be repeated: doubt about it is nothing worse than not done."""
    if isinstance(answer, Unsent):
        return answer
    if isinstance(answer, Unknown):
        return Unsent(evidence=answer.evidence)
    found = refusal(answer)
    if isinstance(found, Unknown):
        if answer.status == httpx.codes.SERVICE_UNAVAILABLE:
            return Deferred(
                after=wait_of(answer), reason=say("网站维护中（503）", "the site is under maintenance (503)")
            )
        return Unsent(evidence=found.evidence)
    return found


def listed(answer: Answer | Unsent | Unknown) -> list[dict[str, Any]] | Trouble:
    """The objects of a listing. Only a list proves that something is not there; any other answer is no listing."""
    trouble = of_step(answer)
    if trouble is not None or not isinstance(answer, Answer):
        return trouble or Unsent(evidence="")
    if not isinstance(answer.data, list):
        return no_json(answer) if is_page(answer.text) else unreadable(answer)
    return [row for row in answer.data if isinstance(row, dict)]


def unreadable(answer: Answer) -> Unsent:
    """An answer to a repeatable request that says nothing."""
    return Unsent(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))


def no_json(answer: Answer) -> Rejected:
    """A page in place of an answer to a request that may be repeated: every post would meet it."""
    message = say(
        "网站的回答不是 JSON，而是网页：{said}。请网站管理员检查插件、维护模式和防火墙，或核对 base_url 和 rest。",
        "the site answers with a page and not with JSON: {said}. Have plugins, maintenance mode and firewall checked, or base_url and rest.",
        said=answer.excerpt,
    )
    return Rejected(findings=(Finding(code="wordpress.no_json", message=message),), blame=Blame.CHANNEL)


def without_noise(answer: Answer) -> tuple[Answer, str]:
    """The answer without what a site puts before its JSON (warnings of PHP), and what that was; empty where there is none."""
    if not answer.body or answer.data is not None:
        return answer, ""
    text = answer.text
    for begin in _JSON_BEGINS.finditer(text):
        try:
            read_json(text[begin.start() :])
        except ValueError:
            continue
        clean = Answer(answer.status, answer.headers, text[begin.start() :].encode(), answer.secrets)
        noise = Answer(answer.status, answer.headers, text[: begin.start()].encode(), answer.secrets)
        return Answer(clean.status, _as_utf8(clean), clean.body, clean.secrets), " ".join(
            _TAG.sub(" ", noise.excerpt).split()
        )
    return answer, ""


def _as_utf8(answer: Answer) -> Mapping[str, str]:
    return {
        **{name.lower(): value for name, value in answer.headers.items()},
        "content-type": "application/json; charset=utf-8",
    }


def unrightful(answer: Answer) -> Rejected:
    """A refusal that comes of the account's rights, whatever the site calls it."""
    return _rejected(code_of(answer), _RIGHTS, answer, Blame.CHANNEL)


def is_refused_term(answer: Answer) -> bool:
    """Whether the site does not want a category or tag of this name: the name is empty once it is cleaned (with status 500), of no valid
    form, or nobody may make it. Trouble with the sign-in or the server is none of that."""
    code = code_of(answer)
    if not code or answer.ok:
        return False
    return code in _TERM_REFUSED or (answer.status in {400, 422} and code not in CHANNEL)


#: Codes of ``wp_insert_term`` and of the REST interface for terms, which come with a status of their own or with 500.
_TERM_REFUSED = frozenset(
    {
        "empty_term_name",
        "invalid_term",
        "term_name_too_long",
        "db_insert_error",
        "rest_cannot_create",
        "rest_invalid_param",
        "rest_cannot_assign_term",
    }
)


def code_of(answer: Answer) -> str:
    """WordPress's own code of a refusal; empty where there is none."""
    code = answer.fields.get("code")
    return code if isinstance(code, str) else ""


def wait_of(answer: Answer) -> timedelta:
    """How long to leave the site alone."""
    return BREATH if answer.retry_after is None else max(answer.retry_after, BREATH_MIN)


#: Where JSON may begin: of a line, or behind a tag. More than a few attempts would only cost time.
_JSON_BEGINS = re.compile(r"(?:(?<=\n)|(?<=>))\s*[\[{]")
_TAG = re.compile(r"<[^<>]*>")


def _rejected(code: str, words: tuple[str, str], answer: Answer, blame: Blame) -> Rejected:
    message = say(
        "WordPress 拒绝（{code}）：{meaning}。原话：{said}",
        "WordPress refused it ({code}): {meaning}. It said: {said}",
        code=code,
        meaning=say(*words),
        said=_said(answer),
    )
    return Rejected(findings=(Finding(code=f"wordpress.{code}", message=message),), blame=blame)


def _said(answer: Answer) -> str:
    """The message inside the answer: the excerpt would show Chinese as escapes. Of a page its words."""
    if "message" not in answer.fields:
        return answer.excerpt
    return Answer(answer.status, answer.headers, str(answer.fields.get("message", "")).encode(), answer.secrets).excerpt
