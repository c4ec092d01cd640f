"""Publishing, correcting and retracting: what readers find afterwards."""

from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest

from xuanfa.adapters.site.places import filled
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.errors import PictureGoneError
from xuanfa.domain.outcome import Absent, Blame, Published, Rejected, Retracted
from xuanfa.domain.post import Source
from xuanfa.domain.receipt import Receipt

LATER = timedelta(days=2)


def test_an_article_is_published_with_its_address_and_time(website: Any) -> None:
    order = website.order("first", title="送法下乡")
    outcome = website.adapter.publish(order)
    assert isinstance(outcome, Published)
    assert outcome.receipt.address == "https://www.example.gov.cn/zl/zaixingdong/first.html"
    assert outcome.receipt.published_at == order.started_at
    page = website.read("zaixingdong/first.html")
    assert filled(page, {}) == filled(order.rendition.body, {})
    assert outcome.receipt.evidence == f"zaixingdong/first.html sha256:{sha256(filled(page, {}).encode()).hexdigest()}"


def test_a_published_article_is_on_home_column_feeds_and_sitemap(website: Any) -> None:
    website.publish("first", title="送法下乡")
    for path in ("index.html", "zaixingdong/index.html", "feed.xml", "atom.xml", "feed.json"):
        assert "送法下乡" in website.read(path), path
    assert "/zl/zaixingdong/first.html" in website.read("sitemap-1.xml")


def test_the_same_key_again_answers_the_first_time_and_writes_nothing(website: Any) -> None:
    first = website.publish("first")
    before = website.files()
    order = website.order("first")
    again = website.adapter.publish(website.sent_again(order, order.started_at + LATER))
    assert again == first
    assert website.files() == before


def test_a_corrected_post_keeps_its_date_and_says_when_it_was_corrected(website: Any) -> None:
    first = website.publish("first", html="<p>初稿。</p>")
    at = first.receipt.published_at + LATER
    outcome = website.publish("first", html="<p>改正稿。</p>", at=at)
    page = website.read("zaixingdong/first.html")
    assert outcome.receipt.published_at == first.receipt.published_at
    assert '<meta name="PubDate" content="2026-03-02 09:00">' in page
    assert 'datetime="2026-03-02T09:00:00+08:00" data-published>2026-03-02 09:00<' in page
    assert "2026-03-04 09:00</time> 更新" in page
    assert "改正稿" in page
    assert "初稿" not in page
    atom = website.read("atom.xml")
    assert "<published>2026-03-02T09:00:00+08:00</published>" in atom
    assert "<updated>2026-03-04T09:00:00+08:00</updated>" in atom
    assert website.read("zaixingdong/index.html").count("<article>") == 1


def test_a_page_that_was_damaged_is_absent_and_restored_by_the_same_key(website: Any) -> None:
    order = website.order("first")
    website.adapter.publish(order)
    before = website.files()
    (website.public / "zaixingdong/first.html").write_text("hacked")
    assert isinstance(website.adapter.confirm(order, None), Absent)
    assert isinstance(website.adapter.publish(website.sent_again(order, order.started_at + LATER)), Published)
    assert website.files() == before


def test_confirm_tells_published_from_absent_from_another_version(website: Any) -> None:
    order, corrected = website.order("first"), website.order("first", html="<p>改。</p>")
    assert isinstance(website.adapter.confirm(order, None), Absent)
    published = website.adapter.publish(order)
    assert website.adapter.confirm(order, None) == published
    assert isinstance(website.adapter.confirm(corrected, None), Absent)


def test_retracting_leaves_a_plain_page_and_no_word_of_the_article_anywhere(website: Any) -> None:
    website.publish("other", title="另一篇")
    order = website.order("secret", title="误发的标题", html="<p>误发的正文。</p>")
    website.adapter.publish(order)
    outcome = website.adapter.retract(order, Receipt())
    assert isinstance(outcome, Retracted)
    page = website.read("zaixingdong/secret.html")
    assert "已撤回" in page
    assert "noindex" in page
    everything = b"".join([*website.files().values(), *(p.read_bytes() for p in hidden_files(website))])
    assert "误发".encode() not in everything
    assert "secret.html" not in website.read("sitemap-1.xml")
    assert "另一篇" in website.read("index.html")
    assert isinstance(website.adapter.confirm(order, None), Absent)


def test_retracting_twice_or_what_was_never_there_is_retracted(website: Any) -> None:
    order = website.order("first")
    assert isinstance(website.adapter.retract(order, Receipt()), Retracted)
    website.adapter.publish(order)
    website.adapter.retract(order, Receipt())
    before = website.files()
    assert isinstance(website.adapter.retract(order, Receipt()), Retracted)
    assert website.files() == before


def test_a_retracted_article_does_not_come_back_by_a_repeated_order_but_by_a_changed_one(website: Any) -> None:
    order = website.order("first")
    website.adapter.publish(order)
    website.adapter.retract(order, Receipt())
    refused = website.adapter.publish(order)
    assert isinstance(refused, Rejected)
    assert refused.blame is Blame.CONTENT
    at = order.started_at + LATER
    again = website.publish("first", title="改过的标题", at=at)
    assert again.receipt.published_at == at
    assert "改过的标题" in website.read("zaixingdong/index.html")


def test_retracting_rewrites_only_the_lists_that_showed_it(website: Any) -> None:
    website.configure(page_size=5)
    website.fill(40)
    order = website.order("a8", title="第8篇", at=website.begin + timedelta(minutes=8))
    before = website.files()
    website.adapter.retract(order, Receipt())
    changed = {name for name, data in website.files().items() if before[name] != data}
    neighbours = {"zaixingdong/a7.html", "zaixingdong/a9.html"}
    assert changed == {"zaixingdong/a8.html", "zaixingdong/page/2.html", "sitemap-1.xml"} | neighbours


def test_pictures_are_public_and_go_with_the_last_article_that_shows_them(website: Any) -> None:
    shared, lone = website.draw("图/共用.png"), website.draw("lone.png", (1, 2, 3))
    two = f'<p>文</p><img src="{shared.source}" alt=""><img src="lone.png" alt="独有">'
    first = website.order("first", html=two, pictures=(shared, lone))
    website.adapter.publish(first)
    website.publish("second", html='<img src="%E5%9B%BE/%E5%85%B1%E7%94%A8.png">', pictures=(shared,))
    page = website.read("zaixingdong/first.html")
    assert f'src="../assets/pictures/{shared.filename}" alt="示意图" width="60" height="40" decoding="async">' in page
    assert (
        f'src="../assets/pictures/{lone.filename}" alt="独有" width="60" height="40" decoding="async" loading="lazy">'
        in page
    )
    assert f"https://www.example.gov.cn/zl/assets/pictures/{lone.filename}" in website.read("atom.xml")
    website.adapter.retract(first, Receipt())
    assert f"assets/pictures/{shared.filename}" in website.files()
    assert f"assets/pictures/{lone.filename}" not in website.files()


def test_a_correction_drops_the_picture_that_it_no_longer_shows(website: Any) -> None:
    picture = website.draw("a.png")
    website.publish("first", html='<img src="a.png">', pictures=(picture,))
    website.publish("first", html="<p>无图。</p>", pictures=(picture,))
    assert not any(name.endswith(".png") for name in website.files())


def test_a_picture_that_has_gone_missing_is_said_and_nothing_is_written(website: Any) -> None:
    website.publish("first")
    before = website.files()
    picture = website.draw("a.png")
    order = website.order("second", html='<img src="a.png">', pictures=(picture,))
    website.bench.shelf.clear()
    with pytest.raises(PictureGoneError):
        website.adapter.publish(order)
    assert website.files() == before


def test_a_post_that_moves_to_another_column_leaves_the_plain_page_behind(website: Any) -> None:
    website.publish("first", title="老标题")
    website.column = Column(id="zhixing", title="执行在线")
    outcome = website.publish("first", title="新标题")
    assert outcome.receipt.address.endswith("/zhixing/first.html")
    left = website.read("zaixingdong/first.html")
    assert "已移至其他栏目" in left
    assert 'href="../zhixing/first.html">新标题</a>' in left
    assert "老标题" not in left
    assert website.gone() == {"zaixingdong/first.html"}
    assert "老标题" not in website.read("zaixingdong/index.html")
    assert "新标题" in website.read("zhixing/index.html")


def test_every_archive_page_keeps_its_articles_while_the_site_grows(website: Any) -> None:
    website.configure(page_size=3)
    seen: dict[str, bytes] = {}
    for number in range(1, 25):
        website.fill(1, start=number)
        files = website.files()
        pages = {name: data for name, data in files.items() if "/page/" in name}
        newest = f"zaixingdong/page/{len(pages)}.html"
        frozen = {name: data for name, data in pages.items() if name != newest}
        assert all(frozen[name] == data for name, data in seen.items() if name in frozen)
        seen = frozen
        listed = [n for n in range(1, number + 1) if any(f"/a{n}.html".encode() in files[p] for p in lists(files))]
        assert listed == list(range(1, number + 1))


def test_the_archive_can_be_walked_from_the_front_to_the_oldest_and_back(website: Any) -> None:
    website.configure(page_size=3)
    website.fill(20)
    way = ["zaixingdong/index.html", *(f"zaixingdong/page/{n}.html" for n in (5, 4, 3, 2, 1))]
    for newer, older in pairwise(way):
        assert f'rel="next" href="{up(newer)}{older}"' in website.read(newer)
        assert f'rel="prev" href="{up(older)}{newer}"' in website.read(older)
    assert 'rel="next"' not in website.read(way[-1])


@pytest.mark.parametrize("size", [2, 7])
def test_another_page_size_rearranges_the_archive_and_leaves_no_old_page(website: Any, size: int) -> None:
    website.configure(page_size=4)
    website.fill(21)
    website.configure(page_size=size)
    website.fill(1, start=22)
    fresh = [n for n in website.files() if "/page/" in n]
    assert len(fresh) == -(-22 // size) - 2
    assert all(any(f"/a{n}.html" in website.read(page) for page in lists(website.files())) for n in range(1, 23))


def test_another_address_is_followed_in_feeds_and_sitemap(website: Any) -> None:
    picture = website.draw("a.png")
    website.publish("first", html='<img src="a.png">', pictures=(picture,))
    website.configure(base_url="https://new.example.gov.cn")
    website.publish("second")
    for path in ("feed.xml", "atom.xml", "feed.json", "sitemap.xml", "sitemap-1.xml", "robots.txt"):
        assert "www.example.gov.cn/zl" not in website.read(path), path
    assert f"https://new.example.gov.cn/assets/pictures/{picture.filename}" in website.read("atom.xml")


def test_a_new_name_of_office_or_column_reaches_every_list(website: Any) -> None:
    website.configure(page_size=2)
    website.fill(9)
    website.office = Organisation(name="新院", site_name="新站名")
    website.column = Column(id="zaixingdong", title="新栏名")
    website.publish("last")
    for path in lists(website.files()):
        assert "新站名" in website.read(path), path
        assert "我们在行动" not in website.read(path), path


def test_a_reposted_text_names_and_links_its_source(website: Any) -> None:
    website.publish("first", source=Source(name="人民法院报", url="https://example.org/a?b=1&c=2"))
    page = website.read("zaixingdong/first.html")
    assert '<meta name="ContentSource" content="人民法院报">' in page
    assert 'href="https://example.org/a?b=1&amp;c=2"' in page


def test_a_rehearsed_site_is_written_beside_the_public_one(website: Any) -> None:
    website.configure(rehearsal=True)
    assert isinstance(website.publish("first"), Published)
    assert not website.public.exists()
    assert (website.workspace / "public.rehearsal/zaixingdong/first.html").is_file()


def lists(files: Any) -> list[str]:
    return [name for name in files if "/page/" in name or name.endswith("/index.html")]


def up(path: str) -> str:
    return "../" * path.count("/")


def hidden_files(website: Any) -> Any:
    return (path for path in (website.public / ".xuanfa").rglob("*") if path.is_file())
