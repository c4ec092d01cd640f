"""Which proxy a request goes through: the channel's own, what the environment names and excepts, and what is no proxy."""

import httpx
import pytest
from pydantic import ValidationError

from tests.support.wired import PASSWORD
from xuanfa.adapters.email.config import EmailConfig
from xuanfa.adapters.shared.addresses import reach
from xuanfa.adapters.shared.http import send_once
from xuanfa.adapters.shared.wire import Wire
from xuanfa.adapters.shared.wire.proxies import no_proxy_trouble, proxy_for
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.webhook.config import WebhookConfig
from xuanfa.domain.errors import MachineError


@pytest.mark.parametrize(
    ("environ", "url", "expected"),
    [
        ({}, "https://cms.cn/", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://cms.cn/", "http://p:1"),
        ({"https_proxy": "p:1"}, "https://cms.cn/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://cms.cn/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://cms.cn/", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "https://cms.cn/", "http://p:1"),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "cms.cn,local"}, "https://a.cms.cn/", None),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "*"}, "https://a.cms.cn/", None),
    ],
)
def test_without_one_of_its_own_the_environment_names_the_proxy(
    environ: dict[str, str], url: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert proxy_for("")(httpx.URL(url)) == expected
    assert proxy_for("http://own:2")(httpx.URL(url)) == "http://own:2"


@pytest.mark.parametrize(
    ("entry", "url", "direct"),
    [
        ("localhost,127.0.0.1,::1,[::1]", "http://[::1]:8080/", True),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("[::1]:8080", "http://[::1]:9090/", False),
        ("fd00::/8", "http://[fd12::9]/", True),
        ("10.0.0.0/8, 192.168.0.0/16", "http://10.20.3.4/", True),
        ("10.0.0.0/8", "http://11.0.0.1/", False),
        ("10.0.0.0/8", "http://ten.example.cn/", False),
        ("172.16.9.1", "https://172.16.9.1:8443/", True),
        ("oa.example.cn:8080", "http://oa.example.cn:8080/", True),
        ("oa.example.cn:8080", "http://oa.example.cn/", False),
        ("oa.example.cn:443", "https://oa.example.cn/", True),
        (".example.cn", "http://example.cn/", True),
        (".example.cn", "http://myexample.cn/", False),
        ("*.example.cn", "http://a.b.example.cn/", True),
        ("a.cn b.cn;c.cn", "http://c.cn/", True),
        (" , ,b.cn, ", "http://b.cn/", True),
        ("OA.Example.CN", "http://oa.example.cn/", True),
        ("https://oa.example.cn/", "http://oa.example.cn/", True),
        ("法院.cn", "http://www.法院.cn/", True),
        ("cn.", "http://a.cn/", True),
        ("intranet", "http://intranet/", True),
        ("a.cn,*", "http://z.cn/", True),
    ],
)
def test_exceptions_from_the_proxy_are_understood_as_people_write_them(entry: str, url: str, direct: bool) -> None:
    choose = proxy_for("", {"all_proxy": "http://p:1", "NO_PROXY": entry})
    assert choose(httpx.URL(url)) == (None if direct else "http://p:1")
    assert no_proxy_trouble({"no_proxy": entry}) == ""


@pytest.mark.parametrize("entry", ["10.0.0.1/33", "a..b:99999", "[zz]", "<local>", "%%"])
def test_an_exception_that_says_nothing_is_told_and_the_others_count(entry: str) -> None:
    environ = {"ALL_PROXY": "p:1", "No_Proxy": "x.cn", "NO_PROXY": f"{entry},b.cn"}
    choose = proxy_for("", environ)
    assert choose(httpx.URL("http://b.cn/")) is None
    assert choose(httpx.URL("http://x.cn/")) == "http://p:1"
    assert "NO_PROXY" in no_proxy_trouble(environ)
    assert entry in no_proxy_trouble(environ)


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"HTTPS_PROXY": f"http://u:{PASSWORD}@p:port"}, "HTTPS_PROXY"),
        ({"https_proxy": "http://p:99999"}, "https_proxy"),
        ({"ALL_PROXY": "http://"}, "ALL_PROXY"),
        ({"all_proxy": "socks4://p:1"}, "all_proxy"),
        ({"ALL_PROXY": "a b"}, "ALL_PROXY"),
        ({"https_proxy": f"http://u:{PASSWORD}@@p"}, "https_proxy"),
        ({"HTTPS_PROXY": "http://[::1:3128"}, "HTTPS_PROXY"),
    ],
)
def test_a_variable_that_names_no_proxy_is_named_before_anything_leaves(environ: dict[str, str], name: str) -> None:
    wire = Wire(trusting(), proxy_for=proxy_for("", environ))
    with httpx.Client(transport=wire, trust_env=False) as over:
        with pytest.raises(MachineError, match=name) as caught:
            send_once(over, "POST", "https://cms.example.gov.cn/hook", content=b"{}")
        (finding,) = reach(over, httpx.URL("https://cms.example.gov.cn/"), allow_private=True)
    assert name in finding.message
    assert PASSWORD not in str(caught.value) + finding.message


def test_what_a_request_to_a_web_server_calls_its_proxy_is_none_of_ours() -> None:
    environ = {"HTTP_PROXY": "http://evil:1", "REQUEST_METHOD": "GET"}
    assert proxy_for("", environ)(httpx.URL("http://cms.cn/")) is None
    assert proxy_for("", environ | {"http_proxy": "http://p:1"})(httpx.URL("http://cms.cn/")) == "http://p:1"


@pytest.mark.parametrize(
    "proxy",
    [
        "https://p:1",
        "socks4://p:1",
        "p:1",
        "http://p:99999",
        "http://",
        "http://u:p@",
        f"http://u:{PASSWORD}@a b:1",
        "http://u:a@b@c",
    ],
)
def test_a_proxy_that_is_none_is_refused_without_being_repeated(proxy: str) -> None:
    with pytest.raises(ValidationError) as caught:
        WebhookConfig.model_validate({"adapter": "webhook", "url": "https://a.cn/", "proxy": proxy})
    assert "proxy" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_kind_that_has_no_use_for_a_proxy_says_so() -> None:
    site = {"adapter": "site", "directory": "public", "base_url": "https://www.example.gov.cn"}
    mail = {"adapter": "email", "rehearsal": True}
    for config, given in ((SiteConfig, site | {"proxy": "http://p:1"}), (SiteConfig, site | {"ca_file": "a.pem"})):
        with pytest.raises(ValidationError, match="用不到"):
            config.model_validate(given)
    with pytest.raises(ValidationError, match="用不到"):
        EmailConfig.model_validate(mail | {"proxy": "http://p:1"})
    assert EmailConfig.model_validate(mail | {"ca_file": "a.pem"}).ca_file == "a.pem"
