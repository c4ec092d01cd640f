"""The settings of a website channel."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.domain.language import say

#: As the two registries write them: with the sign of the province in front, sometimes a space before the digits.
_ICP = re.compile(r"[\u4e00-\u9fff]?ICP[备证]\s?[\dA-Z-]{6,}号(-\d+)?")
_POLICE = re.compile(r"[\u4e00-\u9fff]公网安备\s?(\d{14})号")


class SiteConfig(AdapterConfig):
    """Where the website is written and under which address readers find it."""

    wired: ClassVar[frozenset[str]] = frozenset()

    #: The public folder; relative to the workspace.
    directory: Path
    #: The address of that folder, with or without a path: ``https://www.example.gov.cn/column``.
    base_url: str
    #: Articles on one page of a column's archive.
    page_size: int = Field(default=20, ge=1, le=200)
    #: Articles of each column on the home page.
    home_size: int = Field(default=6, ge=1, le=50)
    #: Articles in each feed.
    feed_size: int = Field(default=20, ge=1, le=100)
    #: ColumnType of 国办发〔2017〕47号: one of its classes, such as 工作动态 or 政策解读.
    column_type: str = "工作动态"
    #: Whether paragraphs begin with two empty squares.
    first_line_indent: bool = False
    #: Ids of columns in the order in which menu and home page show them; those that are not named follow as they appeared.
    columns: tuple[str, ...] = ()
    #: Who answers for texts whose post names nobody (责任编辑).
    editor: str = ""
    #: The colophon shows what is set here, and nothing else. Of the registrations, the whole line as it was given by the authority.
    icp: str = ""
    police: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    #: Where readers report errors (政府网站找错, or a page of one's own).
    report_errors: str = ""

    @field_validator("icp")
    @classmethod
    def _is_registration(cls, value: str) -> str:
        if value and not _ICP.fullmatch(value.strip()):
            raise ValueError(
                say(
                    "icp 应是工信部备案号整行，如 陇ICP备05000001号-1；没有就不写",
                    "icp must be the whole registration number, such as 陇ICP备05000001号-1; leave it out if there is none",
                )
            )
        return value.strip()

    @field_validator("police")
    @classmethod
    def _is_police_number(cls, value: str) -> str:
        if value and not _POLICE.fullmatch(value.strip()):
            raise ValueError(
                say(
                    "police 应是公安备案号整行，如 甘公网安备62030202000001号；没有就不写",
                    "police must be the whole number, such as 甘公网安备62030202000001号; leave it out if there is none",
                )
            )
        return value.strip()

    @field_validator("report_errors")
    @classmethod
    def _is_page(cls, value: str) -> str:
        if value and not re.fullmatch(r"(https?://|mailto:)[^\s\"'<>]+", value):
            raise ValueError(
                say(
                    "report_errors 应是以 https:// 开头的地址，或 mailto: 加邮箱",
                    "report_errors must be an address that begins with https://, or mailto: and a mailbox",
                )
            )
        return value

    @property
    def colophon(self) -> Mapping[str, str]:
        """What the colophon shows, by name; empty where it is not set."""
        code = _POLICE.fullmatch(self.police)
        return {
            "icp": self.icp,
            "police": self.police,
            "police_code": code[1] if code else "",
            "address": self.address,
            "phone": self.phone,
            "phone_number": re.sub(r"[^\d+]", "", self.phone),
            "email": self.email,
            "report_errors": self.report_errors,
        }

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        address = value.strip().rstrip("/")
        try:
            parts = urlsplit(address)
            # The feeds name articles by the host, as name servers write it.
            usable = (
                parts.scheme in {"http", "https"} and bool((parts.hostname or "").encode("idna")) and parts.port != 0
            )
        except ValueError:
            usable = False
        if (
            not usable
            or parts.query
            or parts.fragment
            or parts.username is not None
            or any(c.isspace() for c in address)
        ):
            raise ValueError(
                say(
                    "base_url 应是网站的完整地址，以 http:// 或 https:// 开头，不带 ? 和 #，如 https://www.example.gov.cn/zl",
                    "base_url must be the full address of the site, beginning with http:// or https://, without ? and #, "
                    "such as https://www.example.gov.cn/zl",
                )
            )
        return address
