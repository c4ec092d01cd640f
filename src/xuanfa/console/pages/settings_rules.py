"""设置 · 检查规则: what the rules have to know of the office, and its own files of rules."""

from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import once
from xuanfa.console.pages.settings_office import back
from xuanfa.console.render import page
from xuanfa.console.setting_fields import Group
from xuanfa.console.settings_form import Sheet, area_name, save_settings, settings_page, written_of
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.act_settings import ChangeRules
from xuanfa.domain.errors import MachineError, StoreError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.setting import SettingField
from xuanfa.operations.configuring.rules import RulesFile, rules_file, rules_files
from xuanfa.operations.deciding.door import carry_out


def show(visit: Visit) -> Response:
    """What the rules know of the office, and its files."""
    return settings_page(visit, _sheet(visit), written_of(visit))


def save(visit: Visit) -> Response:
    """Write it."""
    return save_settings(visit, _sheet(visit), written_of(visit))


def show_file(visit: Visit) -> Response:
    """A file of rules; a new one is empty."""
    known = rules_file(visit.desk, visit.names["name"])
    return _page(visit, known, known.text)


def find_file(visit: Visit) -> Response:
    """To the file of that name, which may be a new one."""
    known = rules_file(visit.desk, visit.query("name"))
    return _page(visit, known, known.text)


def change_file(visit: Visit) -> Response:
    """Write it, or take it away."""
    name, text = visit.names["name"], visit.raw("text").removeprefix("\n")
    try:
        require_again(visit)
        act = ChangeRules(file=name, text=None if visit.field("do") == "remove" else text, base=visit.field("base"))
        return once(visit, act.verb, lambda: _done(visit, act))
    except XuanfaError as error:
        status = 503 if isinstance(error, MachineError | StoreError) else 422
        return _page(visit, rules_file(visit.desk, name), text, fault=str(error), status=status)


def _done(visit: Visit, act: ChangeRules) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return "/settings/rules?done=changed" if act.text is None else f"/settings/rules/{quote(act.file)}?done=changed"


def _page(visit: Visit, known: RulesFile, text: str, *, fault: str = "", status: int = 200) -> Response:
    done = visit.query("done")
    return page(visit, "settings_rules_file", status=status, it=known, text=text, fault=fault, done=done)


def _sheet(visit: Visit) -> Sheet:
    fields = [
        SettingField(
            name="own_lines",
            sort="lines",
            label=say("本单位公开的电话", "Telephones of the office"),
            default=(),
            help=say("一行一个，怎么写都行；写在这里的不再提示。", "One a line, in any spelling; these are not found any more."),
        ),
        SettingField(
            name="foreign_hosts",
            sort="lines",
            label=say("不链接的网站", "Sites that are not linked to"),
            default=(),
            help=say("一行一个域名，下级域名也算。", "One a line, with what lies below."),
        ),
        SettingField(
            name="model",
            label=say("第二读者的语言模型", "The second reader’s model"),
            help=say("文件，相对工作区；不写就用软件包装好的。", "A file, relative to the workspace; empty: the package’s."),
        ),
    ]  # fmt: skip
    return Sheet(
        title=area_name("rules"),
        area="rules",
        address="/settings/rules",
        groups=[
            Group(title=say("检查时要知道的", "What the rules know of the office"), table=("check",), fields=fields)
        ],
        back=back(),
        template="settings_rules",
        more={"files": rules_files(visit.desk)},
    )


WAYS = (
    get("/settings/rules", show, ADMINISTRATORS),
    post("/settings/rules", save, ADMINISTRATORS),
    get("/settings/rules-file", find_file, ADMINISTRATORS),
    get("/settings/rules/{name}", show_file, ADMINISTRATORS),
    post("/settings/rules/{name}", change_file, ADMINISTRATORS),
)
