"""Where a channel sends, by name: the same for whatever may change about an account, another one for every other place, and no secret."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from xuanfa.adapters.shared.accounts import AccountName, place_of
from xuanfa.bootstrap.binding import BoundAdapters, Workshop
from xuanfa.bootstrap.memory import Memory
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.store.database import Store

SALT = "salt"
Raw = dict[str, Any]
WEBHOOK = {"adapter": "webhook", "url": "https://oa.example.gov.cn/hook/4f9c2b7d?key=geheim"}
WECOM = {"adapter": "wecom", "key": "robot-key-1"}
DINGTALK = {"adapter": "dingtalk", "access_token": "robot-token-1", "secret": "SECabc"}
FEISHU = {"adapter": "feishu", "hook_id": "robot-hook-1"}
WECHAT = {"adapter": "wechat", "app_id": "wx1", "app_secret": "geheim"}
WEIBO = {"adapter": "weibo", "app_key": "2045", "app_secret": "geheim", "rip": "211.156.0.1"}
DOUYIN = {"adapter": "douyin", "mode": "image_text", "client_key": "aw1", "client_secret": "geheim"}
WORDPRESS = {
    "adapter": "wordpress",
    "base_url": "https://WWW.example.gov.cn/blog/",
    "username": "xuanfa",
    "application_password": "geheim",
}
EMAIL = {
    "adapter": "email",
    "host": "smtp.example.gov.cn",
    "sender": "宣传处 <Office@example.gov.cn>",
    "recipients": ["press@example.com", "b@example.com"],
}
SITE = {"adapter": "site", "directory": "public", "base_url": "https://www.example.gov.cn/zl"}
MANUAL = {"adapter": "manual", "address_domain": "www.example.gov.cn"}


@pytest.fixture
def name_of(tmp_path: Path) -> Callable[..., str]:
    """The name of a channel's account, as a desk would have it."""

    def name(raw: Raw, channel: str = "it", folder: Path = tmp_path) -> str:
        shop = Workshop(
            folder=folder,
            var_folder=folder / "var",
            templates=Templates([]),
            media=MediaStore(folder / "var" / "media"),
            memory=Memory(Store(f"sqlite:///{folder / 'none.db'}"), lambda: datetime.now(UTC)),
            clock=lambda: datetime.now(UTC),
        )
        adapters = BoundAdapters({channel: raw}, shop)
        return adapters.with_accounts(adapters.channels(), SALT)[channel].account

    return name


@pytest.mark.parametrize(
    ("raw", "begins"),
    [
        (WEBHOOK, "webhook oa.example.gov.cn #"),
        (WECOM, "wecom qyapi.weixin.qq.com #"),
        (DINGTALK, "dingtalk oapi.dingtalk.com #"),
        (FEISHU, "feishu open.feishu.cn #"),
        (WECHAT, "wechat api.weixin.qq.com wx1"),
        (WEIBO, "weibo api.weibo.com 2045"),
        (DOUYIN, "douyin open.douyin.com aw1"),
        (WORDPRESS, "wordpress www.example.gov.cn/blog xuanfa"),
        (EMAIL, "email smtp.example.gov.cn office@example.gov.cn → b@example.com +1 #"),
        (SITE, "site www.example.gov.cn/zl public"),
        (MANUAL, "manual var/handover www.example.gov.cn"),
    ],
)
def test_an_account_is_named_for_people_and_holds_no_secret(name_of: Callable[..., str], raw: Raw, begins: str) -> None:
    name = name_of(raw)
    assert name.startswith(begins)
    assert begins.endswith("#") or name == begins
    assert not any(secret in name for secret in ("geheim", "robot", "SECabc", "4f9c2b7d"))


@pytest.mark.parametrize(
    ("raw", "changes"),
    [
        (WEBHOOK, {"secret": "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0", "title": "新名", "pace": "3/minute", "replay_hours": 3}),
        (WEBHOOK, {"url": "http://oa.example.gov.cn:80/hook/4f9c2b7d?key=geheim", "headers": {"X-Token": "new"}}),
        (WECOM, {"key": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=robot-key-1", "message": "text"}),
        (DINGTALK, {"secret": "SECnew", "in_flight": 1}),
        (FEISHU, {"secret": "new"}),
        (WECHAT, {"app_secret": "new", "mode": "publish", "theme": "court"}),
        (WEIBO, {"app_secret": "new", "access_token": "new", "mode": "article", "warn_days": 3}),
        (DOUYIN, {"client_secret": "new", "mode": "video"}),
        (WORDPRESS, {"application_password": "new", "base_url": "http://www.example.gov.cn/blog", "status": "draft"}),
        (EMAIL, {"security": "tls", "recipients": ["b@example.com", "Press@example.com"], "sender": "office@example.gov.cn"}),
        (SITE, {"base_url": "http://www.example.gov.cn/zl/", "directory": "./public/", "page_size": 7}),
        (MANUAL, {"theme": "素雅", "cards": True}),
    ],
)  # fmt: skip
def test_what_may_change_about_an_account_makes_no_other_one(
    name_of: Callable[..., str], raw: Raw, changes: Raw
) -> None:
    assert name_of(raw | changes) == name_of(raw)


@pytest.mark.parametrize(
    ("raw", "changes"),
    [
        (WEBHOOK, {"url": "https://oa.example.gov.cn/hook/4f9c2b7e?key=geheim"}),
        (WEBHOOK, {"url": "https://oa.example.gov.cn:8443/hook/4f9c2b7d?key=geheim"}),
        (WECOM, {"key": "robot-key-2"}),
        (WECOM, {"base_url": "http://127.0.0.1:9"}),
        (WECHAT, {"app_id": "wx2"}),
        (WECHAT, {"base_url": "https://proxy.example.gov.cn/wechat"}),
        (WEIBO, {"app_key": "2046"}),
        (WEIBO, {"account": "1000000002"}),
        (WEIBO, {"base_url": "http://127.0.0.1:9"}),
        (DOUYIN, {"account": "open-id"}),
        (DOUYIN, {"mode": "manual"}),
        (WORDPRESS, {"username": "other"}),
        (WORDPRESS, {"base_url": "https://www.example.gov.cn"}),
        (EMAIL, {"recipients": ["press@example.com", "c@example.com"]}),
        (EMAIL, {"host": "127.0.0.1", "port": 2525}),
        (EMAIL, {"sender": "other@example.gov.cn"}),
        (SITE, {"directory": "elsewhere"}),
        (SITE, {"base_url": "https://www.example.gov.cn/other"}),
        (MANUAL, {"address_domain": "other.example.gov.cn"}),
        (MANUAL, {"directory": "packs"}),
    ],
)
def test_another_place_or_user_is_another_account(name_of: Callable[..., str], raw: Raw, changes: Raw) -> None:
    assert name_of(raw | changes) != name_of(raw)


@pytest.mark.parametrize("kind", ["webhook", "wecom", "dingtalk", "feishu", "wechat", "weibo", "email", "wordpress"])
def test_a_rehearsal_without_settings_is_told_by_its_channel(name_of: Callable[..., str], kind: str) -> None:
    one, other = (name_of({"adapter": kind, "rehearsal": True}, channel) for channel in ("one", "other"))
    assert one.endswith("(one)")
    assert other.endswith("(other)")


def test_places_to_publish_by_hand_may_share_a_folder(name_of: Callable[..., str]) -> None:
    assert name_of({"adapter": "manual"}, "one") != name_of({"adapter": "manual"}, "other")


def test_a_workspace_may_move(name_of: Callable[..., str], tmp_path: Path) -> None:
    assert name_of(SITE, folder=tmp_path / "here") == name_of(SITE, folder=tmp_path / "there")
    inside = SITE | {"directory": str(tmp_path / "here" / "public")}
    assert name_of(inside, folder=tmp_path / "here") == name_of(SITE)
    outside = SITE | {"directory": "/srv/www"}
    assert name_of(outside, folder=tmp_path / "here") == "site www.example.gov.cn/zl /srv/www"


def test_one_robot_under_two_channels_is_one_account(name_of: Callable[..., str]) -> None:
    assert name_of(WECOM, "one") == name_of(WECOM, "other")


def test_hashes_differ_between_workspaces() -> None:
    account = AccountName(place="qyapi.weixin.qq.com", key="robot-key-1")
    assert account.named("wecom", "it", "one") != account.named("wecom", "it", "other")
    assert "robot-key-1" not in repr(account)


def test_a_long_name_is_cut_and_still_its_own() -> None:
    names = [AccountName(place="p" * 300, name=end).named("site", "it", SALT) for end in ("one", "other")]
    assert names[0] != names[1]
    assert {len(name) for name in names} == {300}


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://Example.gov.cn:443/A/", "example.gov.cn/A"),
        ("http://user:word@example.gov.cn:8080?key=1#x", "example.gov.cn:8080"),
        ("", ""),
    ],
)
def test_a_place_is_host_and_path(address: str, place: str) -> None:
    assert place_of(address) == place


def test_another_spelling_is_no_other_account(name_of: Callable[..., str]) -> None:
    assert place_of("https://oa.example.gov.cn/%68ook/%E7%BD%91/") == place_of("https://oa.example.gov.cn/hook/网")
    assert name_of(WEBHOOK) == name_of(WEBHOOK | {"url": "https://oa.example.gov.cn/%68ook/4f9c2b7d?key=geheim"})
    assert name_of(WORDPRESS) == name_of(WORDPRESS | {"username": "XuanFa"})
