"""The settings of one Douyin account."""

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.adapters.shared.fields import ExactAddress, WebAddress
from xuanfa.domain.language import say

Mode = Literal["image_text", "video", "manual"]


class DouyinConfig(AdapterConfig):
    """One account, through one website application of the open platform; or none, with ``mode = "manual"``."""

    #: The application's key and secret; not needed for ``manual`` and in a rehearsal.
    client_key: str = ""
    client_secret: SecretStr = SecretStr("")
    #: The callback exactly as it is registered with the application.
    redirect_uri: ExactAddress = "http://127.0.0.1:8766/douyin"
    #: ``manual`` prepares a pack for a person; the others need the permission ``video.create.bind``, which few accounts have.
    mode: Mode = "manual"
    #: Where a video comes from: cards and pictures, shown one after the other.
    video: Literal["slideshow"] = "slideshow"
    #: How long each picture of a slideshow is shown.
    seconds: float = Field(default=4.0, ge=1, le=20)
    #: The colours of the text cards.
    theme: str = ""
    #: Where packs are put, relative to the workspace.
    directory: str = "var/douyin"
    #: The account's open_id; needed only where one application serves several accounts.
    account: str = ""
    #: What the person is asked to allow.
    scope: str = "video.create.bind,video.list.bind"
    #: 0 public, 1 self, 2 friends; not sent unless set, since the values are not confirmed.
    private_status: Literal[0, 1, 2] | None = None
    #: 1 may be downloaded, 2 not; not sent unless set, since the values are not confirmed.
    download_type: Literal[1, 2] | None = None
    #: Characters of a caption; how many are taken is not confirmed.
    caption_max: int = Field(default=1000, ge=55, le=5000)
    #: The number of a video's first part; that it is one is not confirmed.
    first_part: Literal[0, 1] = 1
    #: Whether the account's list shows a post that is still under review; then, and only then, a post that is not listed is absent.
    list_shows_pending: bool = False
    #: Whether the platform is asked for readers' figures, a day, seven days and a month's end after publication.
    readers: bool = True
    base_url: WebAddress = "https://open.douyin.com"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = {"client_key": self.client_key, "client_secret": self.client_secret.get_secret_value()}
        missing = [name for name, value in given.items() if not value]
        if missing and self.mode != "manual" and not self.rehearsal:
            raise ValueError(
                say(
                    '缺少 {keys}：它们在 developer.open-douyin.com 的网站应用里；没有代发权限的账号请写 mode = "manual"',
                    "{keys} missing: they are on developer.open-douyin.com under your website application; an account without the "
                    'permission uses mode = "manual"',
                    keys=say("、", ", ").join(missing),
                )
            )
        return self
