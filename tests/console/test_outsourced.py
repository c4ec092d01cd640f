"""An outsourced editor (外包编辑) sees their own posts and nobody else's, whatever roles they have: lists, pages, figures, files, programs."""

import io
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import httpx
import openpyxl
import pytest

from tests.conftest import Clock, Workspace
from tests.console.conftest import settle_people
from tests.support.browsing import PASSWORD, Somebody
from tests.support.reviewed_console import by
from xuanfa.domain.act import AddUser, MakeToken
from xuanfa.domain.own import contributes_only
from xuanfa.domain.user import Role, Staff, User
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.people.accounts import add_user
from xuanfa.reports.listing import list_deliveries

Sit = Callable[[str], Somebody]
HERS, THEIRS = "外包写的苜蓿", "院里写的枸杞"
#: Who is outsourced, and what roles they were given.
NAMES = {"wai": {Role.EDITOR}, "fabu": {Role.EDITOR, Role.PUBLISHER, Role.APPROVER}}


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    """Two posts that are out, one of each, and one of each on the shelf."""
    desk = workspace.desk(clock)
    settle_people(desk)
    for name, roles in NAMES.items():
        act = AddUser(user=name, display=name, roles=frozenset(roles), staff=Staff.OUTSOURCED, password=PASSWORD)
        add_user(desk, act, by("lina"))
    for slug, title, author in (("his", HERS, "wai、fabu"), ("other", THEIRS, "王芳")):
        workspace.post(slug, f"{title}，一亩地。", title=title, author=author, department=f"{slug}庭")
        workspace.post(
            f"{slug}-shelf", f"{title}，架上。", title=f"{title}架上", author=author, publish_at="", shelf="true"
        )
    queue(desk)
    one_pass(desk, in_flight=2)
    clock.advance(minutes=10)
    return desk


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/posts",
        "/posts?q=写的",
        "/posts?q=一亩地",
        "/deliveries?state=all",
        "/deliveries?state=all&q=写的",
        "/shelf",
        "/ledger?span=all",
        "/ledger?span=all&which=apart",
        "/counts?span=all",
        "/reviews",
        "/channels",
    ],
)
def test_no_list_shows_somebody_elses(somebody: Sit, name: str, path: str) -> None:
    text = unescape(somebody(name).go(path))
    assert "枸杞" not in text, path
    if path.startswith(("/posts", "/deliveries", "/shelf", "/ledger?span=all")) and "apart" not in path:
        assert "苜蓿" in text, path


@pytest.mark.parametrize("name", NAMES)
def test_no_page_and_no_file_of_somebody_elses_is_open(somebody: Sit, desk: Desk, name: str) -> None:
    number = next(row.id for row in list_deliveries(desk.store) if row.post == "other")
    one = somebody(name)
    for path in (
        "/posts/other/write",
        "/posts/other/revisions/1",
        "/posts/other/preview",
        "/posts/other/preview/hook",
        "/posts/other/correct",
        "/posts/other/withdraw",
        "/posts/other/clash",
        "/reviews/other",
        "/reviews/other/form",
        "/reviews/other/form/docx",
        "/reviews/other/leaving/hook",
        "/reviews/other/links",
        "/shelf/other-shelf",
        f"/deliveries/{number}",
        f"/deliveries/{number}/left",
        f"/deliveries/{number}/time",
        f"/deliveries/{number}/doubt",
        f"/deliveries/{number}/proof/1",
    ):
        answer = one.client.get(path)
        assert (answer.status_code in {403, 404, 409}, "枸杞" in answer.text) == (True, False), (
            path,
            answer.status_code,
        )
    assert one.client.get("/posts/his/write").status_code == 200
    assert one.client.get("/counts/report/xlsx?span=all").status_code >= 400


def test_figures_and_files_are_of_their_own(somebody: Sit) -> None:
    one = somebody("wai")
    text = unescape(one.go("/counts?span=all"))
    table = text.partition("<h3>供稿部门</h3>")[2]
    assert ("his庭" in table, "other庭" in table) == (True, False)
    assert "1 条" in text.partition("共发布信息")[2][:60]
    assert "2 条" in unescape(somebody("zhou").go("/counts?span=all")).partition("共发布信息")[2][:60]
    for kind in ("csv", "xlsx"):
        content = one.client.get(f"/ledger/file/{kind}?span=all").content
        if kind == "csv":
            shown = content.decode("utf-8-sig")
        else:
            book = openpyxl.load_workbook(io.BytesIO(content))
            shown = "".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
        assert (HERS in shown, THEIRS in shown) == (True, False), kind


def test_programs_see_what_they_see(desk: Desk, address: str) -> None:
    made = carry_out(desk, MakeToken(user="wai", scopes=frozenset({"read"}), days=1), by("wai"))
    with httpx.Client(base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {made.secret}"}) as client:
        assert {each["slug"] for each in client.get("/posts").json()["items"]} == {"his", "his-shelf"}
        assert client.get("/posts/other").status_code == 404
        assert {each["post"] for each in client.get("/deliveries").json()["items"]} == {"his", "his-shelf"}
        assert client.get("/counts").json()["items"] == 1
    from xuanfa.operations.writing.programs import read_written  # noqa: PLC0415

    assert read_written(desk, "other", by("wai")) is None
    assert read_written(desk, "his", by("wai")) is not None


@pytest.mark.parametrize("staff", list(Staff))
@pytest.mark.parametrize("roles", [{Role.AUTHOR}, {Role.EDITOR}, {Role.AUTHOR, Role.PUBLISHER}, {Role.ADMIN}])
def test_who_is_bounded(staff: Staff, roles: set[Role]) -> None:
    user = User(name="x", display="x", roles=frozenset(roles), staff=staff)
    assert contributes_only(user) is (staff is Staff.OUTSOURCED or roles == {Role.AUTHOR})


def test_a_figure_of_a_time_is_of_their_own_too(desk: Desk, clock: Clock) -> None:
    from xuanfa.operations.restricting.own import only_own  # noqa: PLC0415
    from xuanfa.reports.counts import count  # noqa: PLC0415
    from xuanfa.reports.period import Period  # noqa: PLC0415

    today = clock().astimezone(desk.zone).date()
    for name, items in (("wai", 1), ("wang", 1), ("bao", 0), ("zhou", 2)):
        own = only_own(desk, by(name))
        for since in (None, today - timedelta(days=3)):
            period = Period(zone=desk.zone, since=since, until=today, own=own)
            for way in ("channel", "month", "department", "original", "campaign"):
                assert sum(count(desk.store, period, way).by.values()) == items, (name, way)  # type: ignore[arg-type]
