"""What a channel has of its own in a post's file: written as it was typed, read back as it was written, and nothing else touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuanfa.content.reading.frontmatter import parse
from xuanfa.content.reading.own_channels import OWN, channels_of, tidied, with_channels

POST = """---
title: 原题   # 暂定
channels:
  site:
  # 群里要短
  wecom:
    title: 短题
    text: |
      一

      二
    odd: 不认识的
# 末尾
column: action
---

正文。
"""

#: Letters, and every sign that means something in YAML or Markdown.
_LINE = st.text("aZ9字，。“”《》 　\t#:-?'\"|>[]{}*&!%@`~,.<=\\/𠮷é", max_size=16)
_TEXT = st.lists(
    _LINE | st.sampled_from(["---", "# 井号", "- 一", "  缩进", "\t", "a: b # c", '"', "|", ""]), max_size=8
)
_OWN = st.fixed_dictionaries({}, optional={**dict.fromkeys(OWN, _LINE), "text": _TEXT.map("\n".join)})
_WANTED = st.dictionaries(st.sampled_from(["site", "wecom", "weibo", "群-1", "a b"]), _OWN, max_size=4)


@given(_WANTED | st.none())
def test_what_is_written_is_read_again(wanted: dict[str, dict[str, str]] | None) -> None:
    expected = None if wanted is None else {name: tidied(own) for name, own in wanted.items()}
    for text in (POST, "---\ntitle: 题\ncolumn: c\n---\n\n正文。\n"):
        made = with_channels(text, wanted)
        matter = parse(made, "")
        assert channels_of(matter) == expected
        before = parse(text, "")
        assert (matter.body, {k: v for k, v in matter.data.items() if k != "channels"}) == (
            before.body,
            {k: v for k, v in before.data.items() if k != "channels"},
        )
        assert with_channels(made, wanted) == made, "the same again changes nothing"


def test_a_channel_that_is_as_it_was_keeps_its_lines() -> None:
    made = with_channels(POST, {"site": {}, "wecom": {"title": "短题", "text": "一\n\n二"}, "weibo": {"title": "博"}})
    assert made == POST.replace("# 末尾", "  weibo:\n    title: 博\n# 末尾")
    assert with_channels(POST, {"wecom": {"title": "短题", "text": "一\n\n二"}}) == POST.replace(
        "  site:\n  # 群里要短\n", ""
    )


def test_what_nobody_knows_stays_where_its_channel_is_changed() -> None:
    made = with_channels(POST, {"site": {}, "wecom": {"title": "更短"}})
    assert "    title: 更短\n    odd: 不认识的\n# 末尾\ncolumn: action" in made


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("channels: [site, wecom]", {"site": {}, "wecom": {}}),
        ("channels: site、wecom", {"site": {}, "wecom": {}}),
        ("channels: {site: {title: 一}, wecom: }", {"site": {"title": "一"}, "wecom": {}}),
        ("channels: []", {}),
    ],
)
def test_other_ways_to_say_it_are_read_and_kept(line: str, said: dict[str, dict[str, str]]) -> None:
    text = f"---\ntitle: 题\n{line}\ncolumn: c\n---\n\n正文。\n"
    assert channels_of(parse(text, "")) == said
    assert with_channels(text, said) == text
    assert with_channels(text, None) == text.replace(f"{line}\n", "")
