"""设置 · 单位, 设置 · 发布和告警: one page of fields each."""

from dataclasses import replace

from starlette.responses import Response

from xuanfa.console.setting_fields import Group
from xuanfa.console.settings_form import Sheet, area_name, save_settings, settings_page, written_of
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.setting import Counts, SettingField, Written


def back() -> tuple[str, str]:
    """To the list of pages."""
    return "/settings", say("回到设置", "Back to Settings")


def show_office(visit: Visit) -> Response:
    """单位."""
    return settings_page(visit, _office(), written_of(visit))


def save_office(visit: Visit) -> Response:
    """Write it."""
    return save_settings(visit, _office(), written_of(visit))


def show_publishing(visit: Visit) -> Response:
    """发布和告警."""
    return settings_page(visit, _publishing(visit), written_of(visit))


def save_publishing(visit: Visit) -> Response:
    """Write it."""
    return save_settings(visit, _publishing(visit), written_of(visit))


def _office() -> Sheet:
    fields = [
        SettingField(name="name", label=say("单位名称", "Name"), help=say("写进网页、审核表和告警。", "In pages, forms and alarms.")),
        SettingField(name="site_name", label=say("网站名称", "Name of the site"), help=say("网页标签 SiteName。", "The tag SiteName.")),
        SettingField(
            name="site_domain",
            label=say("网站域名", "Domain"),
            help=say("如 www.example.gov.cn，不带 https 和路径。", "Such as www.example.gov.cn, without https or path."),
        ),
        SettingField(
            name="site_id_code",
            label=say("政府网站标识码", "Site id"),
            help=say("10 位字母或数字；没有就空着。", "Ten letters or digits; none: empty."),
        ),
        SettingField(
            name="departments",
            sort="lines",
            label=say("供稿部门", "Departments"),
            default=(),
            help=say("一行一个；统计按它列零报送。", "One a line; counts name those that sent nothing."),
        ),
    ]  # fmt: skip
    group = Group(title=say("发布单位", "The office"), table=("organisation",), fields=fields)
    return Sheet(
        title=area_name("organisation"),
        area="organisation",
        address="/settings/organisation",
        groups=[group],
        back=back(),
    )


def _publishing(visit: Visit) -> Sheet:
    return Sheet(
        title=area_name("publishing"),
        area="publishing",
        address="/settings/publishing",
        groups=[_times(), _pace(), _freshness(written_of(visit)), _proof(), _sign_in(), _alarms(visit)],
        back=back(),
    )


def _times() -> Group:
    return Group(
        title=say("时间", "Times"),
        table=(),
        fields=[
            SettingField(
                name="timezone",
                label=say("时区", "Zone"),
                counts=Counts.NEXT_PLAN,
                default="Asia/Shanghai",
                help=say(
                    "稿件里的时间按它理解。改了不移动已排好的。",
                    "Times are read in it. What is queued stays where it is.",
                ),
            ),
            SettingField(
                name="late_after_minutes",
                sort="whole",
                label=say("晚多少分钟就不再自动发", "Minutes after which nothing goes out by itself"),
                default=120,
                help=say("晚于这么久的转为暂缓，等人定。", "What is later is held for a person."),
            ),
        ],
    )


def _pace() -> Group:
    return Group(
        title=say("发布的快慢", "How the work is done"),
        table=("publish",),
        counts=Counts.NEXT_REQUEST,
        fields=[
            _whole("in_flight", say("同时进行的投递", "Deliveries at once"), 20),
            _whole("max_tries", say("确实没发出时最多试几次", "Tries when nothing was sent"), 5),
            _read("scan_seconds", say("每隔几秒读一次稿件文件夹", "Seconds between looks into the posts"), 30),
            _read("still_seconds", say("文件停多少秒才读", "Seconds that a file has to be still"), 5),
            _whole("lease_seconds", say("多少秒没有结果转为待核实", "Seconds until it is in doubt"), 120),
            _whole("request_seconds", say("一个请求最多几秒", "Seconds that a request may take"), 120),
            _whole("repeat_days", say("重复稿件提前几天排入", "Days ahead for recurring posts"), 35),
            SettingField(
                name="correction_note",
                label=say("更正后文末加的话", "Sentence below what was corrected"),
                help=say("如“本文内容有更正。”；空着不加。", "Empty: none."),
            ),
        ],
    )


def _freshness(written: Written) -> Group:
    channels = {each: str(written.at(("channels", each, "title")) or each) for each in written.at(("channels",), {})}
    return Group(
        title=say("多久没更新算断更", "How long is too long"),
        table=("freshness",),
        fields=[
            _whole("amber_days", say("账号多少天没更新算临近", "Days until an account is near"), 7),
            _whole("red_days", say("多少天算快断更", "Days until it is soon stale"), 11),
            _whole("stale_days", say("多少天算断更", "Days until it is stale"), 14),
            SettingField(
                name="notices_cycle",
                label=say("公告类专栏多久要更新", "How long notices may be still"),
                default="6 months",
                help=say("如 6个月、2周、10天。", "Such as 6 months, 2 weeks, 10 days."),
            ),
            SettingField(
                name="channels",
                sort="picks",
                label=say("只看这些账号（都不勾就是全部）", "Only these accounts; none: all"),
                default=(),
                choices=tuple(channels),
                names=channels,
            ),
        ],
    )


def _proof() -> Group:
    return Group(
        title=say("公开页存证", "Public pages"),
        table=("proof",),
        fields=[
            SettingField(
                name="enabled", sort="yes_no", label=say("自动去看公开页", "Look at public pages"), default=True
            ),
            _whole("first_after_minutes", say("发布以后几分钟第一次看", "Minutes until the first look"), 2),
            SettingField(
                name="nightly",
                label=say("每天几点再看", "Nightly look at"),
                default="02:00",
                help=say("如 02:00。", "Such as 02:00."),
            ),
            SettingField(name="screenshots", sort="yes_no", label=say("截图", "Take pictures"), default=True),
        ],
    )


def _sign_in() -> Group:
    return Group(
        title=say("登录多久", "How long one stays signed in"),
        table=("sign_in",),
        counts=Counts.AT_ONCE,
        fields=[
            _whole("idle_minutes", say("多少分钟没人用就要重新登录", "Minutes unused until one signs in anew"), 30),
            _whole("whole_hours", say("登录满多少小时要重新登录", "Hours until one signs in anew in any case"), 12),
        ],
    )


def _whole(name: str, label: str, default: int) -> SettingField:
    return SettingField(name=name, sort="whole", label=label, default=default)


def _read(name: str, label: str, default: int) -> SettingField:
    """How the folder of posts is read, which has nothing to do with requests."""
    return replace(_whole(name, label, default), counts=Counts.AT_ONCE)


def _alarms(visit: Visit) -> Group:
    return Group(
        title=say("告警", "Alarms"),
        table=("alarms",),
        fields=[
            SettingField(
                name="targets",
                sort="lines",
                label=say("告诉谁", "Who is told"),
                help=_targets(visit),
                default=None,
                is_secret=True,
            ),
            _whole("quiet_minutes", say("两条消息至少隔几分钟", "Minutes between messages"), 10),
            _whole("nothing_published_days", say("专栏多少天没发布就提醒（0 为不提醒）", "Days without a publication; 0: never"), 14),
        ],
    )  # fmt: skip


def _targets(visit: Visit) -> str:
    """Whom there are, as far as their addresses may be shown."""
    how = say(
        "一行一个地址，写法见告警说明。填了就整个换掉原来的。",
        "One address a line, as the page on alarms has them. What is typed takes the place of all.",
    )
    if visit.desk.alarms.teller is None:
        return how
    try:
        known = [each.target for each in visit.desk.alarms.teller.targets()]
    except ConfigError as error:
        known = [str(error)]
    return say("现在有：{known}。{how}", "There are: {known}. {how}", known=say("；", "; ").join(known), how=how)


WAYS = (
    get("/settings/organisation", show_office, ADMINISTRATORS),
    post("/settings/organisation", save_office, ADMINISTRATORS),
    get("/settings/publishing", show_publishing, ADMINISTRATORS),
    post("/settings/publishing", save_publishing, ADMINISTRATORS),
)
