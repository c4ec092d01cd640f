"""The review form (发布审核表) as a Word document: one A4 page, whatever stands on it, with room for pens and a code that leads back.

The paper is an office's own record, so that it is Chinese for every reader. Its fields are those of forms in use (``domain.review_form``).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

from xuanfa.documents.code import Code, picture_of
from xuanfa.documents.faces import Faces
from xuanfa.documents.word import xml
from xuanfa.documents.word.grid import Cell, Row, table
from xuanfa.documents.word.package import Properties, packed
from xuanfa.documents.word.pictures import NAMESPACES, drawn
from xuanfa.domain.review_form import ChannelLine, Corrected, ReviewForm
from xuanfa.domain.review_record import StepRecord

#: The width of the page between its margins, in twelve columns. Millimetres.
_WIDTH, _COLUMNS = 180.0, 12
#: The side of the code. Millimetres: its squares stay larger than half a millimetre, which a fax of 200 dots to the inch shows as four.
_CODE: Final = 34.0
#: What the page has for the table, and how high a step's row may be at most and at least. Millimetres.
_HIGH, _STEP_MOST, _STEP_LEAST = 271.0, 14.5, 8.5
#: A row of one line.
_ONE_LINE: Final = 7.5
#: So many channels have a line of their own.
_CHANNELS_MAX: Final = 5
#: The rows of an office that reviews on paper alone.
_ON_PAPER: Final = ("一校", "一审", "二校", "二审", "三校", "三审", "保密审查")
_HOW: Final = {"password": "口令", "token": "令牌", "phone": "电话", "paper": "纸质", "machine": "本机账户"}
_STATES: Final = {"approved": "同意", "returned": "退回修改", "void": "已作废", "open": "", "waiting": ""}


def review_form(form: ReviewForm, zone: tzinfo, faces: Faces) -> bytes:
    """The form as .docx, in these typefaces; times are shown in ``zone``. The same content gives the same bytes."""
    code, pixels = picture_of(Code.of(form.review.post, form.review.digest))
    head = list(_head(form, zone, pixels))
    foot = list(_foot(form, zone))
    steps = list(_steps(form, zone, _HIGH - sum(row.height for row in (*head, *foot))))
    main = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_W}" xmlns:r="{_R}" {NAMESPACES}><w:body>'
        + table([_WIDTH / _COLUMNS] * _COLUMNS, (*head, *steps, *foot))
        + xml.paragraph("End", "")
        + '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="680" w:right="850" w:bottom="567" w:left="850" w:header="340" '
        'w:footer="340" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )
    return packed(
        main,
        _styles(faces),
        title=f"发布审核表：{form.title}",
        properties=Properties(subject=form.review.post, description=form.review.digest, at=form.printed_at),
        media={"code": (".png", code)},
    )


def _head(form: ReviewForm, zone: tzinfo, pixels: int) -> Iterator[Row]:
    review = form.review
    picture = drawn(
        (pixels, pixels),
        str(round(_CODE * 36_000 / 9525)),
        number=1,
        name="code",
        alt=f"稿件 {review.post}，摘要值 {review.digest}",
        in_cell=True,
    )
    numbers = [f"编号：{form.number}", f"稿件：{review.post}", f"版次：第 {review.revision} 版"]
    yield Row(
        height=_CODE + 5,
        cells=(
            Cell(span=3, bare=True, lines=numbers, size=9, stands="bottom"),
            Cell(
                span=6, bare=True, raw=_heading(form.office, "发布审核表（更正稿）" if form.corrects else "发布审核表")
            ),
            Cell(span=3, bare=True, raw=xml.paragraph("Code", picture), lines=[review.short], size=9, centred=True),
        ),
    )
    named = [form.title, *([f"副题：{form.subtitle}"] if form.subtitle else ())]
    yield _labelled(17 if form.subtitle else 14, ("标　　题", 2, named, 10, 14 if len(form.title) < 30 else 12))  # noqa: PLR2004
    if form.corrects is not None:
        yield _labelled(10, ("更正对象", 2, list(_corrected(form.corrects, zone)), 10, 9))
    kind = "转载" if form.source else "原创"
    yield _labelled(
        _ONE_LINE,
        ("稿件类型", 2, [_ticked(("原创", "转载", "编发"), kind)], 4, 10.5),
        ("所属专栏", 2, [form.column], 4, 10.5),
    )
    yield _labelled(
        _ONE_LINE,
        ("供稿部门", 2, [form.department], 2, 10.5),
        ("供稿人", 2, [form.author], 2, 10.5),
        ("电　　话", 2, [form.phone], 2, 10.5),
    )
    origin = "　".join(part for part in (form.source, form.source_address) if part) or "本单位制发"
    yield _labelled(_ONE_LINE, ("来源链接", 2, [origin], 10, 9))
    channels = list(_planned(form, zone))
    yield _labelled(3.5 + 4.45 * len(channels), ("拟发渠道\n和时间", 2, channels, 10, 10))
    answers = form.answers
    yield _labelled(
        10.5,
        (
            "内容核对",
            2,
            [
                f"涉案 {_yes(answers.case)}　　涉密 {_yes(answers.secret)}　　含个人信息 {_yes(answers.personal)}",
                f"涉未成年人 {_yes(answers.minors)}　　使用人工智能 {_ticked(tuple(_AI.values()), _AI.get(answers.ai or ''))}",
            ],
            10,
            10.5,
        ),
    )
    yield _labelled(10, ("图片视频\n作者授权", 2, [_pictures(form.pictures)], 10, 9.5))
    found = form.findings
    counted = f"否决 {found.get('block', 0)} 项　提醒 {found.get('warn', 0)} 项"
    yield _labelled(_ONE_LINE, ("机器检查", 2, [counted], 4, 10.5), ("责任编辑", 2, [form.editor], 4, 10.5))


def _heading(office: str, name: str) -> str:
    """The name of the office above that of the form; a long one is smaller, so that it stays one line."""
    look = "" if len(name) < 6 else '<w:sz w:val="36"/><w:szCs w:val="36"/>'  # noqa: PLR2004 - 发布审核表 has five
    above = xml.paragraph("Office", xml.run(office)) if office else ""
    return above + xml.paragraph("Heading", xml.run(name, look))


def _corrected(it: Corrected, zone: tzinfo) -> Iterator[str]:
    """What is out and is wrong, then who says so and why."""
    since = f"，{_at(it.published_at, zone)} 发布" if it.published_at else ""
    yield f"《{it.title}》（{it.slug or '本稿'}{since}）"
    if it.why or it.by:
        yield f"更正原因：{it.why}{f'（{it.by} 提出）' if it.by else ''}"


def _labelled(height: float, *pairs: tuple[str, int, Sequence[str], int, float]) -> Row:
    """A row of names and values: the name, its columns, the lines, their columns, their size."""
    cells: list[Cell] = []
    for name, of_name, lines, of_lines, size in pairs:
        cells += [
            Cell(lines=name.split("\n"), span=of_name, label=True),
            Cell(lines=lines, span=of_lines, size=size),
        ]
    return Row(height=height, cells=cells)


def _ticked(names: Sequence[str], chosen: str | None) -> str:
    return "　".join(f"{'■' if name == chosen else '□'}{name}" for name in names)


_AI: Final = {"none": "无", "assisted": "辅助", "generated": "生成"}


def _yes(answer: bool | None) -> str:
    return f"{'■' if answer else '□'}是 {'■' if answer is False else '□'}否"


def _planned(form: ReviewForm, zone: tzinfo) -> Iterator[str]:
    """A line for each channel; of many the first ones, and how many more there are."""
    lines = [
        f"{each.title}{'（演练）' if each.rehearsal else ''}\t{_BECOMES.get(each.becomes) or _due(each, zone)}"
        for each in form.channels
    ]
    if len(lines) > _CHANNELS_MAX:
        lines = [*lines[: _CHANNELS_MAX - 1], f"……共 {len(lines)} 个渠道，其余见稿件记录"]
    yield from lines or [""]
    ends = [f"{_at(form.expires_at, zone)} 前有效"] if form.expires_at else []
    ends += [f"{_at(form.retract_at, zone)} 下线"] if form.retract_at else []
    ends += [f"{form.review_on.astimezone(zone):%Y-%m-%d} 复核"] if form.review_on else []
    if ends:
        yield "时效：" + "；".join(ends)


def _due(line: ChannelLine, zone: tzinfo) -> str:
    return "保底稿，何时发由放行的人定" if line.due_at is None else _at(line.due_at, zone)


#: What becomes of what is out on a channel, where a correction is reviewed.
_BECOMES: Final = {
    "change": "审定后就地更正",
    "leave": "不能改，留着原样",
    "again": "不能改，撤下另发",
    "post": "不能改，另发更正稿",
}


def _pictures(names: Sequence[str]) -> str:
    return f"{len(names)} 件：{'；'.join(names)}" if names else "无"


def _steps(form: ReviewForm, zone: tzinfo, room: float) -> Iterator[Row]:
    """The table of signatures: a row for each step, or the empty ones of an office that reviews on paper."""
    head = ("环　节", "审核人", "意　见", "签　名", "日　期")
    spans = (2, 2, 4, 2, 2)
    yield Row(height=7, cells=[Cell(lines=[name], span=of, label=True) for name, of in zip(head, spans, strict=True)])
    steps = form.review.steps or tuple(
        StepRecord(number=at, name=name, kind=name[-1:], role="", state="waiting")
        for at, name in enumerate(_ON_PAPER, 1)
    )
    height = min(_STEP_MOST, max(_STEP_LEAST, (room - 7) / len(steps)))
    for step in _shown(steps, int((room - 7) / height)):
        values: tuple[Sequence[str], ...] = (
            [step.name],
            _who(step),
            _opinion(step),
            [],
            [_at(step.at, zone)] if step.at else [],
        )
        yield Row(
            height=height,
            cells=[
                Cell(
                    lines=lines,
                    span=of,
                    label=at == 0,
                    size=9 if at in {2, 4} or len(lines) > 1 else 10.5,
                    centred=at in {1, 4},
                )
                for at, (lines, of) in enumerate(zip(values, spans, strict=True))
            ],
        )


def _shown(steps: Sequence[StepRecord], most: int) -> Iterator[StepRecord]:
    """As many steps as have room; of more, that there are more."""
    if len(steps) <= most:
        yield from steps
        return
    yield from steps[: most - 1]
    left = len(steps) - most + 1
    yield StepRecord(number=most, name="……", kind="", role="", state="waiting", note=f"其余 {left} 步见稿件的审校记录")


def _who(step: StepRecord) -> list[str]:
    if not step.by:
        return []
    named = [step.by_shown or step.by]
    if step.on_behalf_of:
        named.append(f"代 {step.on_behalf_of_shown or step.on_behalf_of}")
    return named


def _opinion(step: StepRecord) -> list[str]:
    """What was decided, how the person was known, what was corrected and said."""
    said = _STATES.get(step.state, step.state)
    how = _HOW.get(step.how, step.how)
    if step.consent is not None and step.consent.confirmed_at is None:
        how += "，待本人确认"
    first = f"{said}（{how}）" if said and how else said
    corrected = "、".join(f"{name} {count} 处" for name, count in step.corrections.items() if count)
    lines = [first, f"改正：{corrected}" if corrected else "", step.note]
    return [line for line in lines if line]


def _foot(form: ReviewForm, zone: tzinfo) -> Iterator[Row]:
    yield Row(
        height=14,
        cells=(
            Cell(lines=["签　　发"], span=2, label=True),
            Cell(lines=["意见："], span=4, stands="top", size=9),
            Cell(lines=["签名："], span=3, stands="top", size=9),
            Cell(lines=["年　　月　　日"], span=3, size=9, centred=True),
        ),
    )
    out = [line for each in form.channels for line in _published(each, zone)]
    yield _labelled(13, ("实际发布\n时间链接", 2, out, 10, 9))
    yield _labelled(9, ("撤稿更正", 2, _changed(form, zone), 10, 9))
    note = (
        f"本表 {_at(form.printed_at, zone)} 打印，只对二维码和摘要值 {form.review.short} 所指的这一版有效；内容、渠道或时间改动后须重新打印送审。"
        "签完请扫描交回，二维码勿折叠、涂写。"
    )
    yield Row(height=9, cells=(Cell(lines=[note], span=12, bare=True, size=8),))


def _published(line: ChannelLine, zone: tzinfo) -> Iterator[str]:
    if line.published_at is not None:
        yield f"{line.title}　{_at(line.published_at, zone)}　{line.address}".rstrip()


def _changed(form: ReviewForm, zone: tzinfo) -> list[str]:
    taken = [f"{each.title} {_at(each.retracted_at, zone)} 撤下" for each in form.channels if each.retracted_at]
    return [*(["；".join(taken)] if taken else ()), *form.notes]


def _at(moment: datetime | None, zone: tzinfo) -> str:
    return "" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _styles(faces: Faces) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="{_W}">'
        '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
        + _style("Normal", _LINES, faces.text, 21, faces.latin)
        + _style("Label", _LINES + _MIDDLE, faces.label, 21, faces.latin)
        + _style("Value", _TAB + _LINES, faces.text, 21, faces.latin)
        + _style("Office", _TIGHT.format(400, "atLeast") + _MIDDLE, faces.office, 28, faces.latin)
        + _style("Heading", _TIGHT.format(640, "atLeast") + _MIDDLE, faces.heading, 44, faces.latin)
        + _style("Code", _TIGHT.format(240, "auto") + _MIDDLE, faces.text, 18, faces.latin)
        + _style("End", _TIGHT.format(20, "exact"), faces.text, 2, faces.latin)
        + "</w:styles>"
    )


_TIGHT: Final = '<w:spacing w:before="0" w:after="0" w:line="{}" w:lineRule="{}"/>'
_LINES: Final = _TIGHT.format(250, "atLeast")
_MIDDLE: Final = '<w:jc w:val="center"/>'
#: Where the times of the channels stand. Twentieths of a point.
_TAB: Final = '<w:tabs><w:tab w:val="left" w:pos="3969"/></w:tabs>'


def _style(name: str, paragraph: str, font: str, half_points: int, latin: str) -> str:
    default = ' w:default="1"' if name == "Normal" else ""
    based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"{default}><w:name w:val="{name}"/>{based}<w:pPr>{paragraph}</w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )
