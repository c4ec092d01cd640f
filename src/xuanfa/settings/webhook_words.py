"""What is wrong with ``[webhooks.ID]``, in words that repeat no address and no secret."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

if TYPE_CHECKING:
    from xuanfa.settings.explain import Trouble


def _url(_: "Trouble") -> str:
    return say(
        '应为完整的网址，如 "https://oa.example.gov.cn/hooks/xuanfa"，不带用户名、密码和 # 后的部分。',
        'must be a whole address such as "https://oa.example.gov.cn/hooks/xuanfa", without name, password or # part.',
    )


def _plain(_: "Trouble") -> str:
    return say(
        "里的 url 要用 https：回调里有还没发布的标题。接收方若在本单位内网、只有 http，请写上 allow_private = true。",
        "must have a url with https: messages hold titles that are not out yet. For a receiver in your own network that has only http, add "
        "allow_private = true.",
    )


def _event(trouble: "Trouble") -> str:
    return say(
        "里没有“{event}”这个事件。能写哪些见 docs/webhooks.md；* 代表任意部分。",
        "names the event {event}, which there is not. docs/webhooks.md lists all; * stands for any part of a name.",
        event=trouble.limits["event"],
    )


def _secret(_: "Trouble") -> str:
    return say(
        "应以 whsec_ 开头，后面是 24 到 64 字节的 base64。生成一个：{make}。",
        "must begin with whsec_ and go on with the base64 of 24 to 64 bytes. To make one: {make}.",
        make=Remedy("webhook_secret"),
    )


def _no_secret(trouble: "Trouble") -> str:
    return say(
        "没有写：接收方靠它辨认回调的真假。请生成一个（{make}），写进 .env：{variable}=…，并交给接收方。",
        "is missing: by it the receiver tells a real message from a forged one. Make one ({make}), put it into .env as "
        "{variable}=… and give it to the receiver.",
        variable=trouble.limits["variable"],
        make=Remedy("webhook_secret"),
    )


#: By the kinds of trouble of ``settings/webhooks`` and ``settings/load``.
WEBHOOKS: Final[Mapping[str, Callable[["Trouble"], str]]] = {
    "webhook_url": _url,
    "webhook_plain": _plain,
    "webhook_event": _event,
    "webhook_secret": _secret,
    "webhook_no_secret": _no_secret,
}
