"""The settings of a website channel."""

from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.domain.language import say


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

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        address = value.strip().rstrip("/")
        try:
            parts = urlsplit(address)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
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
