"""Words of this surface: how a state looks and reads, and how a remedy is called where one presses a button instead of typing a command."""

from typing import Final

from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.reader import Reader, language_of
from xuanfa.domain.remedy import OPTION, Remedy

#: The class of a state and its picture in the sprite, where they are not called like the state.
_CLASSES: Final = {State.AWAITING_REVIEW: "review", State.ACCEPTED: "accepted"}
#: A verb of the program, as the pages call it. What belongs to whoever keeps the server says so.
_VERBS: Final = {
    "resolve": ("“核实”", "“Settle”"),
    "show": ("投递页", "the delivery's page"),
    "release": ("“放行”", "“Release”"),
    "release_shelf": ("“从架上放行”", "“Release from the shelf”"),
    "shelf": ("“保底稿”", "“The shelf”"),
    "retract": ("“撤稿”", "“Withdraw”"),
    "withdraw": ("“撤稿”", "“Withdraw”"),
    "correct": ("“更正”", "“Correct”"),
    "resume": ("“恢复发送”", "“Resume”"),
    "pause": ("“紧急停发”", "“Emergency stop”"),
    "posts": ("“稿件”", "“Posts”"),
    "deliveries": ("“投递”", "“Deliveries”"),
    "retry": ("“重试”", "“Retry”"),
    "cancel": ("“不发了”", "“Cancel”"),
    "reschedule": ("“改时间”", "“Change the time”"),
    "preview": ("“预览”", "“Preview”"),
    "check": ("“问题”", "“Findings”"),
    "ignore_finding": ("“保留这一处”", "“Keep it”"),
    "users": ("“设置 · 人员”", "“Settings · People”"),
    "add_user": ("“设置 · 人员”", "“Settings · People”"),
    "show_user": ("“设置 · 人员”", "“Settings · People”"),
    "change_user": ("“设置 · 人员”", "“Settings · People”"),
    "unlock_user": ("“设置 · 人员 · 解锁”", "“Settings · People · Unlock”"),
    "make_token": ("“我的 · 令牌”", "“Me · Tokens”"),
    "sign_in": ("“渠道 · 重新登录”", "“Channels · Sign in”"),
    "channels": ("“渠道”", "“Channels”"),
    "submit_review": ("“提交审校”", "“Submit”"),
    "recall_review": ("“收回签发”", "“Take the approval back”"),
    "show_review": ("“审校”", "“Review”"),
    "list_reviews": ("“审校”", "“Review”"),
    "review_form": ("“审核表”", "“Review form”"),
    "review_emergencies": ("“审校”", "“Review”"),
    "audit": ("“设置 · 审计”", "“Settings · Audit”"),
    "count": ("“统计”", "“Counts”"),
    "new": ("“写一篇”", "“Write”"),
    "access": ("“限阅”", "“Readers”"),
    "confirm_access": ("“限阅”", "“Readers”"),
    "list_imports": ("“台账 · 导入”", "“Ledger · Import”"),
    "undo_import": ("“撤销这次导入”", "“Take it back”"),
    "import_ledger": ("“以前的渠道和专栏”", "“Channels and columns of before”"),
    "show_proof": ("“公开页存证”", "“The public page”"),
    "check_proof": ("“现在去看”", "“Look now”"),
    "add_proof": ("“交一张截图”", "“Hand in a picture”"),
    "accept_page": ("“认可这处差异”", "“Accept this difference”"),
    "show_readers": ("“阅读数据”", "“Readers”"),
    "alarms": ("“工作台”", "“Desk”"),
    "webhooks": ("“设置 · 回调”", "“Settings · Webhooks”"),
    "run": ("自动发布程序", "the program that sends"),
    "worker": ("节点程序", "the node"),
    "serve": ("控制台程序", "the console"),
    "webhook_secret": ("“换一个密钥”", "“Another secret”"),
    "resend_messages": ("“重发”", "“Send again”"),
    "drop_messages": ("“不再发”", "“Let it be”"),
    "freshness": ("“统计 · 多久没更新”", "“Counts · Since the last one”"),
    "show_workdays": ("“设置 · 工作日”", "“Settings · Working days”"),
    "import_workdays": ("“设置 · 工作日”", "“Settings · Working days”"),
}
#: What only whoever keeps the server can do, as it stands within a sentence: what it is, and whose it is.
_ON_SERVER: Final = {
    "verify": ("核验", "verification"),
    "audit_verify": ("审计核验", "verification of the audit chain"),
    "audit_export": ("审计导出", "export of the audit"),
    "doctor": ("自检", "examination"),
    "recover": ("丢失记录的查看", "look at what was lost"),
    "restore": ("恢复", "restoring"),
    "adopt": ("身份认领", "adoption"),
    "backup": ("备份", "backup"),
    "upgrade": ("数据库升级", "upgrade of the database"),
    "queue": ("排入一遍", "reading of the posts"),
    "strangers": ("陌生稿件清单", "list of foreign posts"),
    "explain_stranger": ("陌生稿件说明", "explanation of a foreign post"),
    "links": ("外部链接清单", "list of outward links"),
    "accept_link": ("链接认可", "acceptance of a link"),
    "ask_readers": ("阅读数据读取", "asking for readers’ figures"),
}


def reader_of_pages(environ: dict[str, str]) -> Reader:
    """Whoever reads a page."""
    return Reader(language_of(environ), worded)


def worded(remedy: Remedy) -> str:
    """A remedy as a page names it, so that it reads well behind 请用 and 请看; of what only whoever keeps the server can do, that it is theirs."""
    if remedy.verb == OPTION:
        return ""
    words = _VERBS.get(remedy.verb)
    if words:
        return say(*words)
    zh, en = _ON_SERVER.get(remedy.verb, ("操作", "work"))
    return say(f"服务器上的{zh}（请管服务器的人做）", f"the {en} on the server (for whoever keeps it)")


def state_class(state: State) -> str:
    """How it looks: a class of the styles, and behind ``s-`` its picture."""
    return _CLASSES.get(state, state.value)


def account_words(account: str) -> str:
    """An account without the name of the adapter's kind, which is for programs: the page says what channel it is of."""
    return account.partition(" ")[2] or account


def state_words(state: State) -> str:
    """How it reads."""
    return state.label
