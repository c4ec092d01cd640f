"""What each ``errcode`` means, as data: its class, and one sentence with the remedy. Source: platforms.md, WeChat codes.

HTTP is 200 for refusals too. A code that is not listed proves nothing about an irreversible request.
"""

from collections.abc import Mapping

from xuanfa.adapters.shared.codes import Code, Meaning
from xuanfa.domain.language import say

_WRONG_FILE = (
    "图片不合要求（格式、大小或尺寸），请换成 1 MB 以内的 JPG 或 PNG",
    "the picture is refused (type, size or format); use a JPG or PNG below 1 MB",
)
_TOO_LONG = ("内容超出微信的长度限制，请删减后再发", "something is longer than WeChat allows; shorten it")
_BUG = ("请求格式有误，请把日志交给管理员", "the request is malformed; show the log to the operator")
_GOODS = ("商品信息不可用，请去掉文中的商品", "goods cannot be used; remove them from the post")
_ACCOUNT = (
    "AppID 或 AppSecret 不对或缺少，请到公众平台“基本配置”核对后重填",
    "app_id or app_secret is wrong or missing; compare them with the account's basic settings",
)
_ALLOW_LIST = ("本机的公网地址不在 IP 白名单里", "this machine's public address is not on the account's IP allow-list")
_TOKEN = ("访问令牌失效，已换新", "the access token is no longer good and was dropped")

CODES: Mapping[int, Code] = {
    -1: Code(Meaning.BUSY, "微信系统繁忙，稍后再试", "WeChat is busy; try again later"),
    **dict.fromkeys((40001, 40014, 42001), Code(Meaning.EXPIRED, *_TOKEN)),
    **dict.fromkeys((40002, 40008, 40033, 40114, 41001, 43001, 43002, 43003, 47001), Code(Meaning.CONTENT, *_BUG)),
    **dict.fromkeys((40004, 40005, 40006, 40009, 40137, 45001, 45006), Code(Meaning.CONTENT, *_WRONG_FILE)),
    40007: Code(
        Meaning.DOUBT,
        "草稿或素材已不存在，可能已经发表或被删除，请到公众平台核对",
        "the draft or picture is gone: published or deleted; look into WeChat's console",
    ),
    **dict.fromkeys((40013, 40125, 41002, 41004), Code(Meaning.CHANNEL, *_ACCOUNT)),
    40059: Code(
        Meaning.CONTENT,
        "消息编号不对，请到公众平台人工删除",
        "the message id is wrong; delete it in WeChat's console",
    ),
    40060: Code(
        Meaning.CONTENT,
        "文章序号不对，请到公众平台人工删除",
        "the article's index is wrong; delete it in WeChat's console",
    ),
    40065: Code(
        Meaning.CONTENT,
        "当前状态不能删除，请到公众平台处理",
        "it cannot be deleted in its present state; see WeChat's console",
    ),
    40152: Code(Meaning.CHANNEL, "没有这个粉丝标签，请核对 tag_id", "there is no such tag of followers; check tag_id"),
    **dict.fromkeys((40164, 61004, 45035), Code(Meaning.CHANNEL, *_ALLOW_LIST)),
    40204: Code(
        Meaning.CONTENT,
        "平台不允许删除这条消息，请到公众平台处理",
        "the platform does not allow deleting it; see WeChat's console",
    ),
    40243: Code(
        Meaning.CHANNEL,
        "AppSecret 已被冻结，请到公众平台解冻或重置",
        "the AppSecret is frozen; unfreeze or reset it in the console",
    ),
    **dict.fromkeys(
        (41005, 41006, 44001, 44002, 44003, 44004),
        Code(Meaning.CONTENT, "内容或图片是空的，请补上正文和图片", "text or picture is empty; write or add it"),
    ),
    41039: Code(
        Meaning.CONTENT,
        "“阅读原文”地址不合要求，请核对网站渠道的 base_url",
        "the address of the original is refused; check the linked channel's base_url",
    ),
    **dict.fromkeys(
        (42010, 45011), Code(Meaning.MINUTE, "调用太快，稍后自动继续", "too fast; going on by itself later")
    ),
    45002: Code(Meaning.CONTENT, *_TOO_LONG),
    45003: Code(
        Meaning.CONTENT,
        "标题过长，请缩短标题，或在 channels 下为微信另写标题",
        "the title is too long; shorten it, or write another one for this channel",
    ),
    45004: Code(Meaning.CONTENT, "摘要过长，请缩短摘要", "the summary is too long; shorten it"),
    45005: Code(Meaning.CONTENT, "链接过长，请缩短", "an address is too long; shorten it"),
    **dict.fromkeys((45007, 45008), Code(Meaning.CONTENT, *_TOO_LONG)),
    45009: Code(
        Meaning.DAY, "今天的接口次数已用完，明天自动继续", "today's calls are used up; going on by itself tomorrow"
    ),
    45028: Code(
        Meaning.DAY,
        "本周期的发布或群发次数已用完，额度恢复后自动继续",
        "publishing for this period is used up; going on when there is quota again",
    ),
    45062: Code(
        Meaning.CONSOLE,
        "带广告的文章不能用接口群发，请到公众平台草稿箱手动群发",
        "an article with advertisements cannot be sent by the interface; send the draft in WeChat's console",
    ),
    45064: Code(
        Meaning.CONTENT, "文中的小程序没有权限，请去掉", "a mini program in the article is not permitted; remove it"
    ),
    45065: Code(Meaning.DONE, "同一条群发已经提交过", "this very message was sent before"),
    45066: Code(
        Meaning.MINUTE,
        "同一条群发重试过快，一分钟后再查",
        "the same message was repeated too soon; looking again in a minute",
    ),
    45067: Code(Meaning.CONTENT, *_BUG),
    45113: Code(Meaning.CONTENT, "不再支持商品和卡券，请去掉", "goods and cards are no longer taken; remove them"),
    45166: Code(
        Meaning.CONTENT,
        "正文含有微信不接受的内容，请检查链接、特殊标签和格式",
        "the text holds something that WeChat refuses; check links, tags and format",
    ),
    48001: Code(
        Meaning.DRAFT_ONLY,
        "该公众号没有这个接口的权限，改为只存草稿，由人在公众平台发表",
        "the account may not use this interface; drafts are kept, and a person publishes them in WeChat's console",
    ),
    48004: Code(
        Meaning.CHANNEL,
        "接口因违规被封禁，请登录公众平台查看通知并申诉",
        "the interface is banned for violations; read the notice in WeChat's console",
    ),
    48005: Code(
        Meaning.CONTENT,
        "素材正被自动回复或菜单使用，请先在公众平台解除",
        "the picture is used by a menu or an automatic reply; release it first",
    ),
    48021: Code(
        Meaning.CONSOLE,
        "自动保存的草稿不能用接口群发，请在公众平台草稿箱手动保存并发表",
        "an auto-saved draft cannot be sent; save and publish it in WeChat's console",
    ),
    48022: Code(
        Meaning.CONSOLE,
        "接口上传的视频不能用接口发表，请到公众平台发表",
        "a video that was uploaded by the interface must be published in WeChat's console",
    ),
    50002: Code(
        Meaning.CHANNEL,
        "账号受限，请登录公众平台查看通知",
        "the account is restricted; read the notice in WeChat's console",
    ),
    **dict.fromkeys((53404, 53405, 53406), Code(Meaning.CONTENT, *_GOODS)),
    53503: Code(
        Meaning.CONTENT,
        "草稿没有通过发布前检查，请按公众平台的提示修改",
        "the draft failed the check before publishing; mend it as WeChat's console says",
    ),
    53504: Code(
        Meaning.CONSOLE,
        "这篇草稿要在公众平台网页上发表，请到草稿箱处理",
        "this draft must be published in WeChat's console; see its draft box",
    ),
    53505: Code(
        Meaning.CONSOLE,
        "请先在公众平台草稿箱手动保存这篇草稿，再发表",
        "save this draft by hand in WeChat's console, then publish it",
    ),
    53600: Code(
        Meaning.CONTENT, "文章编号无效，请到公众平台核对", "the article id is invalid; look into WeChat's console"
    ),
    **dict.fromkeys((76001, 76002, 76003, 76004, 76021, 76022), Code(Meaning.CONTENT, *_BUG)),
    88000: Code(
        Meaning.CONTENT,
        "该公众号没有留言功能，请把 open_comments 改为 false",
        "the account has no comments; set open_comments = false",
    ),
    89504: Code(
        Meaning.DOUBT,
        "群发保护：正在等管理员在手机上确认，请提醒管理员",
        "mass-send protection: an administrator must confirm on the phone",
    ),
    89505: Code(
        Meaning.DOUBT,
        "群发保护：管理员拒绝或 30 分钟内未确认，请与管理员核对",
        "mass-send protection: refused or not confirmed within 30 minutes; ask the administrator",
    ),
}

#: What a wrong token code means at the token endpoint itself, where no token was used.
TOKEN_CODES = frozenset({40001, 40014, 40125})


def meaning_of(code: int) -> Meaning | None:
    """What a code means; ``None`` for one that is not listed."""
    listed = CODES.get(code)
    return listed.meaning if listed else None


def sentence(code: int, said: str) -> str:
    """What the code means and what to do, with the platform's own words (masked) behind it."""
    listed = CODES.get(code)
    if listed is None:
        return say("微信答复 {code}：{said}", "WeChat answered {code}: {said}", code=code, said=said)
    return quoting(listed.words, code, said)


def quoting(words: str, code: int, said: str) -> str:
    """What to do, with the platform's own code and words (masked) behind it."""
    return say("{words}（微信 {code}：{said}）", "{words} (WeChat {code}: {said})", words=words, code=code, said=said)
