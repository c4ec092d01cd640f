"""Posts on a real WordPress: as visitors see them, made once, under a name of their own, updated and withdrawn."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest

from tests.system.wordpress.conftest import Bench
from xuanfa.domain.outcome import Absent, Blame, Published, Rejected, Retracted, Unknown
from xuanfa.domain.receipt import Receipt

# One server for the whole folder: all of it runs in one worker.
pytestmark = pytest.mark.xdist_group("wordpress")


def test_a_post_is_published_with_its_picture_category_and_tags_as_visitors_see_it(bench: Bench) -> None:
    order, published = bench.publish(bench.bind(), bench.post("tianjian", cover=bench.post("x").pictures[0]))
    assert "注意" not in published.receipt.evidence
    page = bench.visit(published.receipt.address)
    assert "<h1>巡回审判到田间 & “家门口”</h1>" in unescape(page)
    assert "<strong>田间地头</strong>" in page
    assert unescape(page).count("专栏 & 行动") == 1
    assert "巡回审判</a>" in page
    assert "C:\\temp 与 &lt;、&amp;" in page
    assert '<td style="text-align:right">12</td>' in page
    assert "xuanfa" not in page
    [source] = set(re.findall(r'<img [^>]*src="([^"]+)"', page.partition('class="entry"')[2]))
    picture = httpx.get(source, trust_env=False)
    assert picture.content == bench.media.path(order.rendition.pictures[0]).read_bytes()
    [kept] = bench.site.all("posts", slug="tianjian")
    assert kept["excerpt"]["raw"] == "把法庭搬到田间地头。"
    assert kept["comment_status"] == "closed"
    assert bench.site.all(f"media/{kept['featured_media']}")["alt_text"] == "庭审"
    assert published.receipt.remote_id == str(kept["id"])
    assert published.receipt.published_at is not None
    assert abs(published.receipt.published_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_pictures_and_terms_are_uploaded_and_made_once(bench: Bench) -> None:
    """Each channel remembers nothing: it finds what is there, whichever way the interface is reached."""
    for rest in ("auto", "plain", "pretty"):
        bench.publish(bench.bind(rest=rest), bench.post(f"once-{rest}"))
    stem = bench.post("x").pictures[0].sha256[:16]
    assert len(bench.site.all("media", search=stem)) == 1
    assert [term["name"] for term in bench.site.all("categories", search="专栏")] == ["专栏 &amp; 行动"]
    assert len(bench.site.all("tags", search="营商")) == 1


def test_a_keyword_that_the_site_refuses_is_left_out(bench: Bench) -> None:
    adapter = bench.bind()
    _, outcome = bench.publish(adapter, bench.post("refused", title="关键词", keywords=("营商", "<k>", "😀" * 120)))
    assert "“<k>”" in outcome.receipt.evidence
    assert "略去" in outcome.receipt.evidence
    named = {tag["id"]: tag["name"] for tag in bench.site.all("tags", search="营商")}
    [post] = [post for post in bench.site.all("posts") if str(post["id"]) == outcome.receipt.remote_id]
    assert "营商" in {named.get(number) for number in post["tags"]}


def test_a_picture_that_staff_deleted_is_uploaded_again(bench: Bench) -> None:
    adapter = bench.bind()
    bench.publish(adapter, bench.post("deleted-a", title="甲"))
    [media] = bench.site.all("media", search=bench.post("x").pictures[0].sha256[:16])
    bench.http.request(
        "DELETE", f"{bench.site.address}/", params={"rest_route": f"/wp/v2/media/{media['id']}", "force": "true"},
        auth=("admin", bench.site.passwords["editor"]),
    )  # fmt: skip
    _, published = bench.publish(adapter, bench.post("deleted-b"))
    [source] = re.findall(r'<img [^>]*src="([^"]+)"', bench.visit(published.receipt.address))
    assert httpx.get(source, trust_env=False).status_code == 200


def test_a_changed_text_updates_the_same_post_and_the_same_text_changes_nothing(bench: Bench) -> None:
    adapter = bench.bind()
    _, first = bench.publish(adapter, bench.post("revised"))
    _, second = bench.publish(adapter, bench.post("revised", body="改过的正文。"))
    _, third = bench.publish(adapter, bench.post("revised", body="改过的正文。"))
    assert first.receipt.remote_id == second.receipt.remote_id == third.receipt.remote_id
    assert "改过的正文。" in bench.visit(second.receipt.address)
    assert len(bench.site.all("posts", slug="revised,revised-2", status="publish,draft,pending,private,future")) == 1


def test_somebody_elses_post_of_that_name_is_never_touched(bench: Bench) -> None:
    auth = ("admin", bench.site.passwords["editor"])
    theirs = {"title": "别人的", "content": "原文", "slug": "theirs", "status": "draft"}
    bench.http.post(
        f"{bench.site.address}/", params={"rest_route": "/wp/v2/posts"}, json=theirs, auth=auth
    ).raise_for_status()
    adapter = bench.bind()
    order = bench.order(adapter, bench.post("theirs"))
    staging = adapter.stage(order)
    assert isinstance(staging, Rejected)
    assert (staging.blame, staging.findings[0].code) == (Blame.CONTENT, "wordpress.slug_taken")
    assert isinstance(adapter.confirm(order, None), Unknown)
    [kept] = bench.site.all("posts", slug="theirs", status="draft")
    assert kept["content"]["raw"] == "原文"


def test_a_name_that_the_site_changes_is_told_in_the_receipt(bench: Bench) -> None:
    """Two programs at once: both looked, both found the name free."""
    adapter = bench.bind()
    order = bench.staged(adapter, bench.order(adapter, bench.post("raced")))
    assert isinstance(adapter.publish(order), Published)
    second = adapter.publish(order)
    assert isinstance(second, Published)
    assert "raced-2" in second.receipt.evidence
    staging = adapter.stage(order)
    assert isinstance(staging, Rejected)
    assert staging.findings[0].code == "wordpress.twice"


def test_withdrawing_puts_the_post_into_the_trash_once_and_leaves_its_name_free(bench: Bench) -> None:
    adapter = bench.bind()
    order, published = bench.publish(adapter, bench.post("withdrawn"))
    assert isinstance(adapter.retract(order, published.receipt), Retracted)
    assert isinstance(adapter.retract(order, published.receipt), Retracted)
    assert "巡回审判到田间" not in bench.visit(published.receipt.address)
    [kept] = bench.site.all("posts", status="trash", slug="withdrawn__trashed")
    assert str(kept["id"]) == published.receipt.remote_id
    assert isinstance(adapter.confirm(order, None), Unknown)
    _, again = bench.publish(adapter, bench.post("withdrawn"))
    assert again.receipt.remote_id != published.receipt.remote_id
    assert isinstance(adapter.retract(order, Receipt(evidence="settled by hand")), Retracted)
    assert isinstance(adapter.retract(order, Receipt(remote_id="999999")), Retracted)


def test_a_post_named_in_chinese_gets_a_name_of_its_own_and_is_found_by_it(bench: Bench) -> None:
    adapter = bench.bind()
    order, published = bench.publish(adapter, bench.post("巡回审判"))
    confirmed = adapter.confirm(order, None)
    assert isinstance(confirmed, Published)
    assert confirmed.receipt.remote_id == published.receipt.remote_id
    other = bench.order(adapter, bench.post("巡回审判-二"))
    assert isinstance(adapter.confirm(other, None), Absent)
