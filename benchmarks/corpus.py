"""The work that is measured: a workspace of posts of about 1.5 kB on webhook channels."""

from pathlib import Path

_PARAGRAPH = "巡回法庭走进田间地头，法官就地调解相邻纠纷，当事人当场握手言和，群众旁听后纷纷称赞。"


def body(number: int) -> str:
    """About 1.5 kB of Markdown in UTF-8."""
    return f"第 {number} 期。\n\n" + f"{_PARAGRAPH}\n\n" * 11 + "- 就地立案\n- 就地开庭\n- 就地调解\n"


def post_file(number: int, publish_at: str = "now") -> str:
    """A post with its front matter."""
    return (
        f"---\ntitle: 我们在行动第 {number} 期\ncolumn: action\nauthor: 宣传科\nsummary: 巡回审判进乡村\n"
        f"publish_at: {publish_at}\n---\n\n{body(number)}"
    )


def make_workspace(
    folder: Path,
    url: str,
    *,
    posts: int,
    channels: int,
    in_flight: int,
    publish_at: str = "now",
    database_url: str = "",
    lease_seconds: int = 120,
) -> Path:
    """A workspace with ``posts`` files and ``channels`` webhook channels that lead to ``url``; its database is SQLite unless told."""
    ids = [f"c{number}" for number in range(channels)]
    lines = [
        "late_after_minutes = 100000",
        f'database_url = "{database_url}"' if database_url else "",
        "[publish]",
        f"in_flight = {in_flight}",
        f"lease_seconds = {lease_seconds}",
        "still_seconds = 0",  # the files have just been written
        "[columns.action]",
        'title = "我们在行动"',
        f"channels = {ids!r}",
    ]
    for id_ in ids:
        lines += [f"[channels.{id_}]", 'adapter = "webhook"', f'url = "{url}/{id_}"', "allow_private = true"]
    (folder / "posts").mkdir(parents=True, exist_ok=True)
    (folder / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
    for number in range(posts):
        (folder / "posts" / f"p{number:05}.md").write_text(post_file(number, publish_at), encoding="utf-8")
    return folder
