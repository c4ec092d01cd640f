"""The settings of one Weibo account."""

import ipaddress
import re
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.adapters.shared.fields import ExactAddress, OptionalAddress, WebAddress
from xuanfa.domain.language import say

Mode = Literal["share", "article"]


class WeiboConfig(AdapterConfig):
    """One account, through one application of the open platform."""

    #: The application's key and secret; not needed in a rehearsal.
    app_key: str = ""
    app_secret: SecretStr = SecretStr("")
    #: The callback exactly as it is registered with the application.
    redirect_uri: ExactAddress = "http://127.0.0.1:8765/weibo"
    #: The public IP address of the user on whose behalf is posted; the platform demands it.
    rip: str = ""
    #: ``share`` is a short post of 140 characters; ``article`` a headline article, for accounts to which Weibo has opened it.
    mode: Mode = "share"
    #: A token obtained elsewhere, in place of signing in.
    access_token: SecretStr = SecretStr("")
    #: The account's uid; needed only where one application serves several accounts.
    account: str = ""
    #: The channel whose address of the same post is put in.
    link: str = "site"
    #: The domain that is bound to the application; empty leaves the check to the platform.
    safe_domain: str = ""
    #: How many days before its end the authorisation is warned of.
    warn_days: int = Field(default=7, ge=0, le=365)
    #: Where the site shows its pictures, for articles, whose pictures must be public.
    pictures: OptionalAddress = ""
    #: The cover of articles without a picture of their own: a public address.
    cover: OptionalAddress = ""
    #: Whether the page of a post is computed from its number. How is not confirmed by the platform.
    permalinks: bool = True
    #: Whether the platform is asked for readers' figures, a day, seven days and a month's end after publication.
    readers: bool = True
    base_url: WebAddress = "https://api.weibo.com"

    @field_validator("safe_domain")
    @classmethod
    def _is_domain(cls, value: str) -> str:
        if value and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", value):
            raise ValueError(
                say(
                    "应是小写的域名，例如 court.example.gov.cn，不带 https:// 和路径",
                    "must be a domain in small letters such as court.example.gov.cn, without https:// and path",
                )
            )
        return value

    @field_validator("rip")
    @classmethod
    def _is_public_ip(cls, value: str) -> str:
        try:
            public = not value or ipaddress.ip_address(value).is_global
        except ValueError:
            public = False
        if not public:
            raise ValueError(
                say(
                    "应是办公网络的公网 IP 地址，例如 211.156.0.1；可在搜索引擎查“本机 IP”得到",
                    "must be the office's public IP address, such as 211.156.0.1",
                )
            )
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = {"app_key": self.app_key, "app_secret": self.app_secret.get_secret_value(), "rip": self.rip}
        missing = [name for name, value in given.items() if not value]
        if missing and not self.rehearsal:
            raise ValueError(
                say(
                    "缺少 {keys}：app_key 和 app_secret 在 open.weibo.com 的“我的应用”里，rip 是办公网络的公网 IP；暂时没有就先写 rehearsal = true",
                    "{keys} missing: app_key and app_secret are on open.weibo.com under your application, rip is the office's public IP; "
                    "without them, write rehearsal = true",
                    keys=say("、", ", ").join(missing),
                )
            )
        return self
