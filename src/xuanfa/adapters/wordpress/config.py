"""The settings of a WordPress channel."""

import base64
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.adapters.shared.fields import OptionalAddress
from xuanfa.domain.language import say

Status = Literal["publish", "draft", "pending"]


class WordpressConfig(AdapterConfig):
    """One site, one account on it, and where posts are put."""

    #: The site's root, as its visitors know it; not needed in a rehearsal.
    base_url: OptionalAddress = ""
    username: str = ""
    #: Made in the account's profile under 应用程序密码; not the login password.
    application_password: SecretStr = SecretStr("")
    #: Names or numbers; a post has all of them.
    categories: tuple[str | int, ...] = ()
    #: Whether the post's keywords become tags.
    tags: bool = True
    #: Whether categories and tags that the site lacks are made there.
    create_terms: bool = True
    #: With ``draft`` and ``pending`` a person publishes it on the site, and the delivery waits for that.
    status: Status = "publish"
    #: Which picture stands for the post: its own cover where it has one, always one (drawn from the title if need be), or none.
    featured: Literal["cover", "always", "none"] = "cover"
    comments: bool = False
    #: How the interface is reached: ``/wp-json/…``, ``/?rest_route=…``, or as the site itself says.
    rest: Literal["auto", "pretty", "plain"] = "auto"
    #: For sites whose firewall lets only GET and POST through.
    method_override: bool = False
    #: The channel whose address of the same post is put in, where the post goes there; empty is none.
    link: str = ""
    #: PHP refuses larger uploads (``upload_max_filesize``, 2 MB unless changed).
    picture_kb_max: int = Field(default=1900, ge=50, le=100_000)

    @field_validator("categories")
    @classmethod
    def _are_named(cls, value: tuple[str | int, ...]) -> tuple[str | int, ...]:
        return tuple(name.strip() if isinstance(name, str) else name for name in value if str(name).strip())

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = {
            "base_url": self.base_url,
            "username": self.username,
            "application_password": self.application_password.get_secret_value(),
        }
        missing = [name for name, value in given.items() if not value]
        if missing and not self.rehearsal:
            raise ValueError(
                say(
                    "缺少 {keys}：在 WordPress 后台“个人资料”里新建“应用程序密码”，连同网站地址和用户名填到这里",
                    "{keys} missing: make an application password in the account's profile on the site, and put it here "
                    "with the site's address and the user name",
                    keys=say("、", ", ").join(missing),
                )
            )
        return self

    @property
    def root(self) -> str:
        """The site's address; one of a reserved domain in a rehearsal without settings (RFC 2606)."""
        return self.base_url or "https://rehearsal.invalid"

    @property
    def account(self) -> tuple[str, str]:
        """User name and application password, for HTTP Basic."""
        return self.username, self.application_password.get_secret_value()

    @property
    def hidden(self) -> tuple[str, ...]:
        """Every form in which the password travels or could be echoed."""
        password = self.application_password.get_secret_value()
        basic = base64.b64encode(":".join(self.account).encode()).decode()
        return (password, password.replace(" ", ""), basic) if password else ()
