"""A workspace that does not name its office still hands over a pack."""

from pathlib import Path

from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.engine.once import one_pass
from xuanfa.reports.listing import list_deliveries

SETTINGS = '[columns.action]\ntitle = "我们在行动"\nchannels = ["hand"]\n[channels.hand]\nadapter = "manual"\n'


def test_a_pack_is_handed_over_where_no_office_is_named(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "posts" / "a.md").write_text("---\ntitle: 标题\npublish_at: now\n---\n\n正文一段。\n", encoding="utf-8")
    with open_desk(tmp_path) as desk:
        one_pass(desk)
        assert [row.state for row in list_deliveries(desk.store)] == [State.ACCEPTED]
