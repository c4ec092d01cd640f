"""Who works at a real WordPress beside us: staff who publish drafts, roles that may less, a sign-in that is wrong."""

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from tests.system.wordpress.conftest import POST, Bench
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import Accepted, Blame, Published, Rejected, Unknown

# One server for the whole folder: all of it runs in one worker.
pytestmark = pytest.mark.xdist_group("wordpress")


def test_a_draft_waits_for_the_sites_staff_and_is_found_when_they_publish_it(bench: Bench) -> None:
    adapter = bench.bind(status="draft")
    order = bench.staged(adapter, bench.order(adapter, bench.post("drafted")))
    outcome = adapter.publish(order)
    assert isinstance(outcome, Accepted)
    assert isinstance(adapter.confirm(order, outcome.ticket), Accepted)
    changed = {"slug": "another-name", "status": "publish"}
    auth = ("admin", bench.site.passwords["editor"])
    route = {"rest_route": f"/wp/v2/posts/{outcome.ticket}"}
    bench.http.post(f"{bench.site.address}/", params=route, json=changed, auth=auth).raise_for_status()
    assert isinstance(adapter.confirm(order, outcome.ticket), Published)
    bench.http.delete(f"{bench.site.address}/", params=route, auth=auth).raise_for_status()
    assert isinstance(adapter.confirm(order, outcome.ticket), Unknown)
    assert isinstance(adapter.confirm(order, "999999"), Unknown)


@pytest.mark.parametrize("rest", ["plain", "pretty"])
@pytest.mark.parametrize("settings", [{"application_password": "AAAA BBBB CCCC DDDD"}, {"username": "nobody"}])
def test_a_wrong_sign_in_is_the_operators_with_the_remedy(bench: Bench, settings: dict[str, Any], rest: str) -> None:
    adapter = bench.bind(rest=rest, **settings)
    order = bench.order(adapter, bench.post("locked"))
    staging = adapter.stage(order)
    assert isinstance(staging, Rejected), staging
    assert (staging.blame, staging.findings[0].code) == (Blame.CHANNEL, "wordpress.rest_not_logged_in")
    assert "应用程序密码" in staging.findings[0].message
    assert "BBBB" not in repr(staging)
    refused = adapter.publish(replace(order, rendition=replace(order.rendition, body="正文。", pictures=())))
    assert isinstance(refused, Rejected)
    assert refused.blame is Blame.CHANNEL
    assert isinstance(adapter.confirm(order, None), Unknown)
    assert [finding.code for finding in blocking(adapter.diagnose())] == ["wordpress.rest_not_logged_in"]


def test_an_author_publishes_and_what_the_site_filtered_is_told(bench: Bench) -> None:
    """Authors lack unfiltered_html; what our own HTML has passes the site's filter unchanged."""
    adapter = bench.bind("author", categories=[1])
    assert blocking(adapter.diagnose()) == ()
    _, published = bench.publish(adapter, bench.post("by-author"))
    assert "注意" not in published.receipt.evidence
    order = bench.staged(adapter, bench.order(adapter, bench.post("filtered")))
    odd = replace(
        order, rendition=replace(order.rendition, body='<p onclick="x()">正文<script>x()</script></p>', pictures=())
    )
    outcome = adapter.publish(odd)
    assert isinstance(outcome, Published)
    assert "过滤" in outcome.receipt.evidence


def test_a_contributor_is_told_what_is_missing(bench: Bench) -> None:
    adapter = bench.bind("contributor", categories=[1], tags=False)
    assert [finding.code for finding in blocking(adapter.diagnose())] == ["wordpress.rights"]
    order = bench.order(adapter, replace(POST, slug="by-contributor", body="正文。"))
    outcome = adapter.publish(bench.staged(adapter, order))
    assert isinstance(outcome, Rejected)
    assert outcome.blame is Blame.CHANNEL
    Image.new("RGB", (80, 45), "#c00").save(bench.court)  # one that the site does not have yet
    upload = adapter.stage(bench.order(adapter, bench.post("by-contributor")))
    assert isinstance(upload, Rejected)
    assert upload.blame is Blame.CHANNEL


def test_a_category_that_may_not_be_made_is_asked_for(bench: Bench) -> None:
    adapter = bench.bind(categories=["没有的分类"], create_terms=False)
    staging = adapter.stage(bench.order(adapter, bench.post("uncategorised")))
    assert isinstance(staging, Rejected)
    assert (staging.blame, staging.findings[0].code) == (Blame.CHANNEL, "wordpress.no_category")
