"""A court's console on a loopback port, with people of every role, and browsers before it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Somebody, served
from xuanfa.domain.act import AddUser
from xuanfa.domain.person import Person
from xuanfa.domain.user import Role, Staff
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.accounts import add_user

#: Login name, name as printed, roles, staff.
PEOPLE = (
    ("lina", "李娜", {Role.ADMIN}, Staff.ESTABLISHED),
    ("wang", "王芳", {Role.AUTHOR}, Staff.ESTABLISHED),
    ("zhou", "周敏", {Role.EDITOR, Role.PUBLISHER}, Staff.ESTABLISHED),
    ("jiao", "焦红", {Role.PROOFREADER}, Staff.ESTABLISHED),
    ("mi", "米勒", {Role.SECRECY}, Staff.ESTABLISHED),
    ("shen", "沈涛", {Role.REVIEWER}, Staff.ESTABLISHED),
    ("zhao", "赵局", {Role.APPROVER}, Staff.ESTABLISHED),
    ("bao", "包工", {Role.AUTHOR}, Staff.OUTSOURCED),
)


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    """A desk with everybody's account. Its channel leads to the sink of the tests."""
    desk = workspace.desk(clock)
    settle_people(desk)
    return desk


def settle_people(desk: Desk) -> None:
    """Make everybody an account, the administrator's first."""
    for name, display, roles, staff in PEOPLE:
        by = Person(name="root") if name == "lina" else Person(name="lina", how="password")
        add_user(
            desk,
            AddUser(user=name, display=display, roles=frozenset(roles), staff=staff, password=PASSWORD),
            by,
        )


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Where the console of the desk is."""
    with served(desk) as found:
        yield found


@pytest.fixture
def somebody(address: str) -> Iterator[Callable[[str], Somebody]]:
    """Sign in by a login name; nobody with an empty one."""
    with ExitStack() as stack:

        def sit_down(name: str) -> Somebody:
            one = stack.enter_context(Somebody(address))
            return one.sign_in(name) if name else one

        yield sit_down


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for the name of a socket."""
    with tempfile.TemporaryDirectory(prefix="xf") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe, as its package ships it."""
    import axe_playwright_python  # noqa: PLC0415

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
