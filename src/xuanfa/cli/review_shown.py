"""A review as people see it: where it stands, its steps, what has changed since they read it, and what each channel is to get."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from xuanfa.cli.shared import shown_time
from xuanfa.domain.language import say
from xuanfa.domain.review import ReviewState
from xuanfa.domain.user import Role

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from xuanfa.domain.review_record import CorrectionRecord, EmergencyRecord, ReviewRecord, StepRecord
    from xuanfa.operations.reviewing.reading import Reading
    from xuanfa.reports.reviews import Seen


def where_it_stands(record: "ReviewRecord") -> str:
    state = ReviewState(record.state).label
    open_ = next((step for step in record.steps if step.state == "open"), None)
    if open_ is None:
        return say("稿件 {post}：{state}", "{post}: {state}", post=record.post, state=state)
    return say(
        "稿件 {post}：{state}，现在第 {n} 步（{name}，{role}）",
        "{post}: {state}, at step {n} ({name}, {role})",
        post=record.post,
        state=state,
        n=open_.number,
        name=open_.name,
        role=Role(open_.role).label,
    )


def print_record(record: "ReviewRecord", zone: "tzinfo") -> None:
    click.echo(where_it_stands(record))
    click.echo(
        say(
            "作者 {authors} · 模板 {template} · 摘要 {digest}",
            "author {authors} · template {template} · digest {digest}",
            authors=say("、", ", ").join(record.author_shown) or "-",
            template=record.template or "none",
            digest=record.digest,
        )
    )
    if record.emergency is not None:
        click.echo(_emergency_in_words(record.emergency, zone))
    if record.correction is not None:
        _print_correction(record.correction, zone)
    for step in record.steps:
        click.echo(_step_in_words(step, zone))
    for channel, digest in record.renditions.items():
        click.echo(say("  成稿 {channel} {digest}", "  rendition {channel} {digest}", channel=channel, digest=digest))
        _print_ends(record.times.get(channel, {}), zone)
    for each in record.voided:
        click.echo(f"  {shown_time(each.at, zone)} {each.why}")


def _emergency_in_words(given: "EmergencyRecord", zone: "tzinfo") -> str:
    return say(
        "先发后审：{who} {at}，{why}{owed}",
        "let out before its review by {who} at {at}: {why}{owed}",
        who=given.by_shown,
        at=shown_time(given.at, zone),
        why=given.why,
        owed=say("（尚未补审）", " (the review is to follow)") if given.is_owed else "",
    )


def _print_correction(correction: "CorrectionRecord", zone: "tzinfo") -> None:
    """What is to be changed; until the last step is approved, what is out stays as it is."""
    click.echo(
        say(
            "更正：{who} {at} 提出，{why}；通过之前公开页面不变",
            "a correction, asked for by {who} at {at}: {why}; what is out stays as it is until it is approved",
            who=correction.by,
            at=shown_time(correction.at, zone),
            why=correction.why,
        )
    )
    for channel, becomes in correction.channels.items():
        click.echo(f"  {channel} {_BECOMES[becomes]()}")


_BECOMES: dict[str, Callable[[], str]] = {
    "change": lambda: say("就地更正", "changed in its place"),
    "leave": lambda: say("不能改，留着原样", "cannot be changed, and stays as it is"),
    "again": lambda: say("不能改，撤下后另发", "cannot be changed: taken back, and a new post follows"),
    "post": lambda: say("不能改，另发更正稿", "cannot be changed: a correction follows"),
}


def _print_ends(times: "Mapping[str, datetime | None]", zone: "tzinfo") -> None:
    """The times besides its own that are approved with a rendition."""
    words: dict[str, str] = {
        "expires_at": say("失效", "expires"),
        "retract_at": say("下线", "taken down"),
        "review_on": say("复核", "asked about"),
    }
    said = [f"{words[name]} {shown_time(times[name], zone)}" for name in words if times.get(name)]
    if said:
        click.echo(f"    {say('，', ', ').join(said)}")


def _step_in_words(step: "StepRecord", zone: "tzinfo") -> str:
    words = f"  {step.number} {step.name}（{step.kind}，{Role(step.role).label}）{_STATES[step.state]()}"
    if step.by:
        words += f"  {step.by_shown} {shown_time(step.at, zone)}"
    if step.on_behalf_of:
        words += say("（代 {name}）", " (for {name})", name=step.on_behalf_of_shown)
    if step.consent is not None and step.consent.confirmed_at is None:
        words += say("（电话同意，待本人确认）", " (by telephone, to be confirmed)")
    elif step.how == "phone":
        words += say("（电话同意）", " (by telephone)")
    if step.checks and step.state != "approved":
        words += say("  把关：{gates}", "  gates: {gates}", gates=say("、", ", ").join(step.checks))
    if step.corrections:
        listed = (f"{sort} {number}" for sort, number in step.corrections.items())
        words += say("  改动：{all}", "  corrected: {all}", all=say("、", ", ").join(listed))
    return f"{words}  {step.note}".rstrip()


_STATES: dict[str, Callable[[], str]] = {
    "waiting": lambda: say("未到", "waiting"),
    "open": lambda: say("待审", "open"),
    "approved": lambda: say("已通过", "approved"),
    "returned": lambda: say("已退回", "returned"),
    "void": lambda: say("已失效", "void"),
}


def print_seen(seen: "Seen", zone: "tzinfo") -> None:
    if not seen.by or not (seen.differences or seen.channels):
        return
    beside = (
        say("和现在公开的相比", "beside what is out")
        if seen.is_out
        else say(
            "和 {who} 在 {at} 看过的相比", "since {who} read it at {at}", who=seen.by, at=shown_time(seen.at, zone)
        )
    )
    click.echo(
        say(
            "{beside}：{channels} 的成稿有改动，正文 {n} 处",
            "{beside}: what goes to {channels} is another one, {n} places of the text",
            beside=beside,
            channels=say("、", ", ").join(seen.channels) or "-",
            n=len(seen.differences),
        )
    )
    for each in seen.differences:
        click.echo(f"  …{each.where}[-{each.before}-]{{+{each.after}+}}  {each.sort}")


def seen_as_json(seen: "Seen") -> dict[str, Any]:
    changed = [
        {"before": each.before, "after": each.after, "where": each.where, "sort": each.sort}
        for each in seen.differences
    ]
    return {"by": seen.by or None, "at": seen.at, "channels": list(seen.channels), "differences": changed}


def _where_and_when(reading: "Reading", zone: "tzinfo") -> str:
    if reading.due_at is None:
        return say(
            "── {channel}，保底稿，何时发由放行的人定 ──",
            "── {channel}, for the shelf: whoever releases it says when ──",
            channel=reading.shown,
        )
    return say(
        "── {channel}，{at} 发 ──",
        "── {channel}, due {at} ──",
        channel=reading.shown,
        at=shown_time(reading.due_at, zone),
    )


def print_reading(reading: "Sequence[Reading]", zone: "tzinfo") -> None:
    """What each channel is to get, as a reader will see it."""
    for each in reading:
        click.echo("")
        click.echo(_where_and_when(each, zone))
        for finding in each.findings:
            click.echo(say("问题 {text}", "Problem {text}", text=finding.message))
        for words in each.late_bound:
            click.echo(say("发布时填入 {text}", "Filled in when it leaves: {text}", text=words))
        for name in each.pictures:
            click.echo(say("图片 {name}", "Picture {name}", name=name))
        for words in (each.title, each.summary, each.text):
            if words:
                click.echo(words)
