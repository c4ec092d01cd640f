"""The settings of one official account."""

from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.adapters.shared.fields import OptionalAddress, WebAddress
from xuanfa.adapters.wechat.themes import THEMES
from xuanfa.domain.language import say

Mode = Literal["draft", "publish", "mass"]

_BY_NAME = {theme.name: id_ for id_, theme in THEMES.items()}


class WechatConfig(AdapterConfig):
    """One official account. Without ``mode`` nothing becomes public by itself: a draft is the step that can still be taken back."""

    #: 开发者ID(AppID); names the account, and is no secret.
    app_id: str = Field(default="", pattern=r"^\w*$")
    #: 开发者密码(AppSecret); not needed in a rehearsal.
    app_secret: SecretStr = SecretStr("")
    #: ``draft``: a person publishes in WeChat's console; ``publish``: published, nobody is notified; ``mass``: sent to the followers.
    mode: Mode = "draft"
    #: Shown below the title, at most 16 characters; empty is the post's own author.
    author: str = Field(default="", max_length=16)
    #: ``government`` (政务蓝), ``court`` (法院红) or ``plain`` (素雅).
    theme: str = "government"
    #: Whether readers may comment, for accounts that have comments.
    open_comments: bool = False
    #: Whether only followers may comment.
    fans_only_comments: bool = False
    #: The longest title, in characters: 32 is documented, 64 is what the console takes.
    title_max: int = Field(default=32, ge=1, le=64)
    #: The channel whose address of the same post becomes “阅读原文” and carries our mark.
    link: str = "site"
    #: The address that carries our mark where the post does not go to ``link``; empty is the office's own site.
    mark_address: OptionalAddress = ""
    #: ``mass`` only: the followers with this tag instead of all.
    tag_id: int | None = None
    #: ``mass`` only: go on where WeChat takes the article for a permitted reprint.
    send_reprints: bool = False
    #: ``auto``: a post of three or more pictures and few words becomes a picture message; ``never``: always an article.
    newspic: Literal["auto", "never"] = "auto"
    #: Whether the platform is asked for readers' figures, a day, seven days and a month's end after publication.
    readers: bool = True
    base_url: WebAddress = "https://api.weixin.qq.com"

    @field_validator("theme")
    @classmethod
    def _known_theme(cls, value: str) -> str:
        id_ = _BY_NAME.get(value, value)
        if id_ not in THEMES:
            raise ValueError(
                say(
                    "没有这个主题；可用：政务蓝（government）、法院红（court）、素雅（plain）",
                    "there is no such theme; there are government, court and plain",
                )
            )
        return id_

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for key, value in (("app_id", self.app_id), ("app_secret", self.app_secret.get_secret_value())):
            if not value and not self.rehearsal:
                raise ValueError(
                    say(
                        "缺少 {key}：登录微信公众平台，在“设置与开发 → 开发接口管理 → 基本配置”里查看；暂时没有就先写 rehearsal = true",
                        "{key} is missing: it is on the basic settings page of the account's developer section; "
                        "without one, write rehearsal = true",
                        key=key,
                    )
                )
        if self.tag_id is not None and self.mode != "mass":
            raise ValueError(
                say(
                    'tag_id 只用于 mode = "mass"；请去掉其中一个',
                    'tag_id is for mode = "mass" only; remove one of them',
                )
            )
        return self
