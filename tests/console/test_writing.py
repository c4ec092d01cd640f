"""Writing without script: a new post, saving, two people, a file that changed under it, pressing twice, and what must not be lost."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests.conftest import Clock
from tests.support.browsing import Somebody, forms_of
from tests.support.word_files import paragraph, picture, png, table, title, word
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.store import drafts, posts, reviews

Sit = Callable[[str], Somebody]
TEXT = "第一段，写执行。\n\n第二段，写调解。\n\n第三段，写审判。\n"


def begun(one: Somebody) -> str:
    """Begin a post; its slug."""
    one.go("/posts")
    one.press("写一篇")
    assert one.page.status_code == 200, one.page.text
    return one.page.url.path.split("/")[2]


def file_of(desk: Desk, slug: str) -> str:
    return (desk.posts_folder / slug[:4] / f"{slug}.md").read_text(encoding="utf-8")


def written(one: Somebody, **fields: str) -> str:
    """A post that is saved; its slug."""
    slug = begun(one)
    one.press("存为一版", **({"title": "巡回审判进乡村", "text": TEXT} | fields))
    assert "已存好" in one.page.text, one.page.text
    return slug


def test_a_new_post_is_a_draft_until_it_is_saved(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    assert not (desk.posts_folder / slug[:4] / f"{slug}.md").exists()
    text = one.press("存为一版", title="巡回审判进乡村", text=TEXT, summary="一句话")
    assert (one.page.url.path, "已存好" in text, "版本 1" in text) == (f"/posts/{slug}/write", True, True)
    saved = file_of(desk, slug)
    assert "title: 巡回审判进乡村" in saved
    assert "author: 王芳" in saved
    assert saved.endswith("---\n\n" + TEXT)
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        assert known is not None
        assert "wang" in reviews.authors_named(connection, known.id), "who edits is an author"
        assert drafts.draft_of(connection, slug, "wang") is None


def test_what_is_no_post_yet_is_kept_and_the_fault_is_told(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    text = one.press("存为一版", title="", text=TEXT)
    assert (one.page.status_code, "没有存成版本" in text, "第二段" in text) == (422, True, True)
    assert not (desk.posts_folder / slug[:4] / f"{slug}.md").exists()
    text = one.press("存为一版", title="有标题了")
    assert "已存好" in text


def test_pressed_twice_is_one_revision(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    form = one.form("存为一版")
    for _ in range(3):
        text = one.send(form, title="巡回审判", text=TEXT)
        assert "版本 1" in text
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        assert known is not None
        assert known.revision == 1
        assert drafts.draft_of(connection, slug, "wang") is None


def test_comments_and_unknown_order_of_a_file_stay(somebody: Sit, desk: Desk) -> None:
    head = "---\n# 记在这里\ntitle: 原题   # 暂定\ncolumn: news\nkeywords: [一, 二]\n# 末尾\n---\n\n"
    column = next(iter(desk.columns))
    (desk.posts_folder / "a.md").write_text(head.replace("news", column) + TEXT, encoding="utf-8")
    one = somebody("zhou")
    one.go("/posts/a/write")
    one.press("存为一版", text=TEXT + "\n第四段。\n")
    assert (desk.posts_folder / "a.md").read_text(encoding="utf-8") == head.replace(
        "news", column
    ) + TEXT + "\n第四段。\n"


def test_two_people_in_different_paragraphs_are_merged(somebody: Sit, desk: Desk) -> None:
    one, other = somebody("zhou"), somebody("wang")
    slug = written(other)
    for each in (one, other):
        each.go(f"/posts/{slug}/write")
    mine, theirs = one.form("存为一版"), other.form("存为一版")
    other.send(theirs, text=TEXT.replace("执行", "执行攻坚"))
    text = one.send(mine, text=TEXT.replace("审判", "巡回审判"))
    assert "已经合好" in text
    assert "执行攻坚" in file_of(desk, slug)
    assert "巡回审判" in file_of(desk, slug)


def test_the_same_paragraph_is_chosen_and_both_stay_as_revisions(somebody: Sit, desk: Desk) -> None:
    one, other = somebody("zhou"), somebody("wang")
    slug = written(other)
    for each in (one, other):
        each.go(f"/posts/{slug}/write")
    mine, theirs = one.form("存为一版"), other.form("存为一版")
    other.send(theirs, text=TEXT.replace("执行", "他的执行"))
    text = one.send(mine, text=TEXT.replace("执行", "我的执行").replace("审判", "我的审判"))
    assert (one.page.url.path, "我的执行" in text, "他的执行" in text) == (f"/posts/{slug}/clash", True, True)
    assert "他的执行" in file_of(desk, slug)
    text = one.press("选好了，存为一版")
    assert (one.page.status_code, "还有 1 处没选" in text) == (422, True)
    text = one.press("选好了，存为一版", c0="own", o0="第一段，两边合写。")
    assert "已存好" in text
    saved = file_of(desk, slug)
    assert ("两边合写" in saved, "我的审判" in saved) == (True, True)
    revisions = [one.go(f"/posts/{slug}/revisions/{n}") for n in (2, 3, 4)]
    assert ["他的执行" in revisions[0], "我的执行" in revisions[1], "两边合写" in revisions[2]] == [True, True, True]


def test_a_file_that_changed_in_the_folder_is_merged_too(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    slug = written(one)
    one.go(f"/posts/{slug}/write")
    form = one.form("存为一版")
    path = desk.posts_folder / slug[:4] / f"{slug}.md"
    path.write_text(file_of(desk, slug).replace("调解", "多元调解"), encoding="utf-8")
    one.send(form, text=TEXT.replace("审判", "巡回审判"))
    assert ("多元调解" in file_of(desk, slug), "巡回审判" in file_of(desk, slug)) == (True, True)


def test_what_was_typed_is_there_after_the_session_has_ended(somebody: Sit, desk: Desk, clock: Clock) -> None:
    one = somebody("wang")
    slug = begun(one)
    form = one.form("存为一版")
    clock.advance(hours=13)
    text = one.send(form, title="写了半天", text=TEXT)
    assert (one.page.status_code in {401, 403}, "第二段" in text) == (True, True)
    assert [form.action for form in forms_of(text)] == [f"/posts/{slug}/save"]


def test_the_draft_is_kept_and_an_older_one_refused(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    fields = dict(one.form("存为一版").fields)
    given = {"csrf": fields["csrf"], "base": fields["base"], "title": "题", "sequence": "2"}
    answer = one.client.put(f"/posts/{slug}/draft", data=given | {"text": "二"})
    assert (answer.status_code, answer.json()["sequence"]) == (200, 2)
    assert one.client.put(f"/posts/{slug}/draft", data=given | {"text": "二"}).status_code == 200
    older = one.client.put(f"/posts/{slug}/draft", data=given | {"text": "一", "sequence": "1"})
    assert older.status_code == 409
    assert "二" in one.go(f"/posts/{slug}/write")
    assert one.client.put(f"/posts/{slug}/draft", data=given | {"csrf": "no"}).status_code == 403


@pytest.mark.parametrize(("name", "may"), [("zhou", True), ("bao", False), ("shen", False), ("lina", False)])
def test_who_may_write_in_whose_post(somebody: Sit, desk: Desk, name: str, may: bool) -> None:
    slug = written(somebody("wang"))
    other = somebody(name)
    other.go(f"/posts/{slug}/write")
    assert ("存为一版" in other.page.text) is may
    if not may:
        assert other.page.url.path == f"/posts/{slug}/revisions"
        fields = dict(other.form("退出").fields) if "退出" in other.page.text else {}
        assert fields == {}


def test_a_restricted_post_is_hidden_from_list_search_and_pages(somebody: Sit, desk: Desk) -> None:
    column = next(iter(desk.columns))
    head = f"---\ntitle: 机密的题目\ncolumn: {column}\nauthor: wang\naccess: wang, shen\n---\n\n{TEXT}"
    (desk.posts_folder / "secret.md").write_text(head, encoding="utf-8")
    from xuanfa.operations.intake.queue import queue  # noqa: PLC0415

    queue(desk)
    one, other = somebody("zhou"), somebody("wang")
    assert "机密的题目" in other.go("/posts")
    assert "机密的题目" not in one.go("/posts")
    assert "机密的题目" not in one.go("/posts?q=机密")
    for path in ("write", "revisions", "revisions/1", "clash"):
        assert "第二段" not in one.go(f"/posts/secret/{path}")
        assert one.page.status_code >= 400


def test_going_back_makes_a_new_revision(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = written(one)
    one.press("存为一版", text=TEXT.replace("执行", "改坏了"))
    text = one.go(f"/posts/{slug}/revisions/1")
    assert "改坏了" in text
    one.press("回到这一版")
    one.press("存为一版")
    assert "版本 3" in one.page.text
    assert file_of(desk, slug).endswith(TEXT)


def test_what_each_channel_gets_is_seen_before_it_is_saved(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    fields = dict(one.form("存为一版").fields)
    given = {"csrf": fields["csrf"], "base": fields["base"], "column": fields["column"], "title": "题目", "see": "hook"}
    answer = one.client.post(
        f"/posts/{slug}/sketch", data=given | {"text": "被告张某被判处有期徒刑。<script>alert(1)</script>"}
    )
    told = answer.json()
    assert [each["id"] for each in told["channels"]] == ["hook"]
    assert "被告张某" in told["page"]
    assert "<script>alert" not in told["page"]
    mend = next(each for each in told["remarks"] if each["suggestion"] == "被告人")
    assert (mend["at"], mend["length"]) == (0, 2)
    one.press("存为一版", title="题目", text="被告张某被判处有期徒刑。")
    assert "改成这样" in one.page.text
    form = one.form("改成这样")
    form.action = f"/posts/{slug}/mend"
    one.send(form, mend=mend["mend"])
    assert "被告人张某" in one.page.text
    one.go(f"/posts/{slug}/preview/hook")
    assert "sandbox" in one.page.headers["content-security-policy"]
    assert "被告人张某" in one.page.text
    assert "hook" in one.go(f"/posts/{slug}/preview")


def test_a_word_file_becomes_a_draft_with_its_pictures(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    one.go("/posts")
    fields = dict(one.form("用这个文件").fields)
    answer = one.client.post("/posts", data=fields, files={"word": ("a.doc", b"x", "application/msword")})
    assert (answer.status_code, "另存为 .docx" in answer.text) == (422, True)
    with desk.store.read() as connection:
        assert drafts.newest(connection, None) == []
    data = word(
        title("巡回审判进乡村"),
        paragraph("法官到了村里。"),
        paragraph(picture("rIdP", "法官在村里")),
        table(("庭室", "件数"), ("民一庭", "12")),
        parts={"word/media/image1.png": png()},
        relate=(("rIdP", "image", "media/image1.png"),),
    )
    answer = one.client.post("/posts", data=fields, files={"word": ("稿.docx", data)})
    assert "法官到了村里。" in answer.text, answer.text[:2000]
    slug = answer.url.path.split("/")[2]
    assert f"/posts/{slug}/write" == answer.url.path
    one.go(answer.url.path)
    text = dict(one.form("存为一版").fields)
    assert (text["title"], "| 民一庭 | 12 |" in text["text"]) == ("巡回审判进乡村", True)
    assert "](images/" in text["text"]
    assert len(list((desk.posts_folder / slug[:4] / "images").iterdir())) == 1
    changed = word(paragraph('<w:ins w:author="a"><w:r><w:t>改的</w:t></w:r></w:ins>'))
    one.go("/posts")
    answer = one.client.post("/posts", data=dict(one.form("用这个文件").fields), files={"word": ("b.docx", changed)})
    assert (answer.status_code, "修订" in answer.text) == (422, True)


def test_a_post_that_is_a_word_file_is_written_in_word_and_says_so(somebody: Sit, desk: Desk) -> None:
    front = table(("title", "巡回审判进乡村"), ("column", "action"), ("publish_at", "2027-03-02 09:00"))
    (desk.posts_folder / "xunhui.docx").write_bytes(word(front, paragraph("法官到了村里。")))
    assert not queue(desk).problems
    one = somebody("zhou")
    text = one.go("/posts/xunhui/write")
    assert (one.page.status_code, "posts/xunhui.docx" in text, "请在 Word 里改" in text) == (409, True, True)
    assert "没有稿件" not in text
    one.go("/posts/xunhui/revisions")
    assert one.page.status_code == 200


def test_pictures_are_taken_bare_and_nothing_else_is(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    token = {"csrf": dict(one.form("存为一版").fields)["csrf"]}
    data = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (60, 40), "red").save(data, "JPEG", exif=exif)
    answer = one.client.post(f"/posts/{slug}/pictures", data=token, files={"picture": ("../../x.jpg", data.getvalue())})
    name = answer.json()["name"]
    kept = desk.posts_folder / slug[:4] / name
    assert kept.parent.name == "images"
    assert b"secret place" not in kept.read_bytes()
    bad = one.client.post(f"/posts/{slug}/pictures", data=token, files={"picture": ("x.jpg", b"<svg onload=alert(1)>")})
    assert bad.status_code == 422
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    assert (
        one.client.post(f"/posts/{slug}/pictures", data=token, files={"picture": ("a.heic", heic)}).status_code == 422
    )
