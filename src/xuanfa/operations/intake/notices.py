"""What reading a file has done, in words for whoever wrote it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.store import unreached
from xuanfa.store.posts import KnownPost

if TYPE_CHECKING:
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.intake.plan import Planned


def told_of(planned: "Planned", path: str) -> Iterator[str]:
    """What planning a post did that its author should know."""
    if planned.questions:
        yield _repeated_notice(path, len(planned.questions))
    yield from (say("{path}：{words}", "{path}: {words}", path=path, words=words) for words in planned.remarks)
    if planned.fixed:
        yield fixed_notice(path, planned.fixed)
    if planned.withdrawn:
        yield _withdrawn_notice(path, planned.withdrawn)
    if planned.left:
        yield _left_notice(path, planned.left)
    if planned.added:
        yield _added_notice(path, planned.added)
    if planned.cancelled:
        yield _cancelled_notice(path, planned.cancelled)
    if planned.rescheduled:
        yield _rescheduled_notice(path, planned.rescheduled)


def _repeated_notice(path: str, count: int) -> str:
    """What is said of the file, beside what each delivery tells: of which it is a repetition, and what to do, stands there already."""
    return say(
        "{path}：和先排入的稿件或渠道重复，{n} 条投递已暂缓，是哪一条、怎么办见各投递的原因：{deliveries}",
        "{path}: it repeats what was queued before, and {n} of its deliveries are held; each says what it repeats and what to do: {deliveries}",
        path=path,
        n=count,
        deliveries=Remedy("deliveries", state="held"),
    )


def unreached_changes(desk: "Desk") -> list[str]:
    """What is to be known of posts that are out and whose files say something else by now."""
    with desk.store.read() as connection:
        return [fixed_notice(each.path, each.channels) for each in unreached.standing(connection)]


def copy_in_words(path: str, other: KnownPost) -> str:
    """What a file that cannot be read as a post has in common with one that can."""
    return say(
        "{path}：内容和 {other}（稿件 {slug}）一模一样，像是它的副本。不要的话请删去。",
        "{path}: its content is that of {other} (the post {slug}), of which it seems to be a copy. Delete it if it is not wanted.",
        path=path,
        other=other.path,
        slug=other.slug,
    )


def draft_notice(path: str) -> str:
    """What is said of a file that has no text yet."""
    return say(
        "{path}：还没有正文，先不排队；写好保存后会自动读入。",
        "{path}: it has no text yet and is not queued; it is read when it is saved with one.",
        path=path,
    )


def remade_notice(path: str, channels: Sequence[str]) -> str:
    """What is said of a post whose template, setting or picture makes another rendition now."""
    return say(
        "{path}：图片、模板或设置变了，{channels} 的成稿已重新生成。",
        "{path}: pictures, templates or settings have changed; what {channels} will get was made anew.",
        path=path,
        channels=say("、", ", ").join(channels),
    )


def _added_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：{channels} 是后来加的或改了名的渠道，投递已暂缓，要发请放行：{deliveries}",
        "{path}: {channels} was added or renamed since, and the delivery is held; release it to publish it there: {deliveries}",
        path=path,
        channels=say("、", ", ").join(channels),
        deliveries=Remedy("deliveries", state="held"),
    )


def correction_notice(path: str, before: str, slug: str) -> str:
    """Of a corrected text of a withdrawn post, in a file with another name."""
    return say(
        "{path}：像是已撤稿件 {before} 的更正，作为新稿件 {slug} 发布；想让撤下的页面指向它，在稿头写 corrects: {before}。",
        "{path}: it seems to be a correction of {before}, which was withdrawn, and goes out as a new post, {slug}; to have the withdrawn page "
        "lead to it, write corrects: {before} into the front matter.",
        path=path,
        before=before,
        slug=slug,
    )


def _withdrawn_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：{channels} 上的这篇已经撤下，改动不会让它再发出；要发布更正，请把改好的稿件另存为新文件（换文件名，稿头里的 slug 也不同）。",
        "{path}: it was withdrawn from {channels}, and no change puts it out again; to publish a correction, save it as a new file, with another "
        "name and another slug.",
        path=path,
        channels=say("、", ", ").join(channels),
    )


def fixed_notice(path: str, channels: Sequence[str]) -> str:
    """Of a change that does not reach what is out."""
    return say("{path}：{words}", "{path}: {words}", path=path, words=fixed_in_words(channels))


def fixed_in_words(channels: Sequence[str]) -> str:
    """The same without the file's name."""
    return say(
        "修改没有送到 {channels}，那里已经发出或正在处理；要改已经发出的，用 {correct}（网站和 WordPress 就地改，别处可留着、重发或另发更正）。",
        "the change does not reach {channels}, where it is out already or under way; to correct what is out, run {correct} (the website and "
        "WordPress are changed in their place; other channels are left, taken back and sent again, or corrected by a post).",
        channels=say("、", ", ").join(channels),
        correct=Remedy("correct", why=None),
    )


def _left_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：不再发往 {channels}，那里没有发出的投递已取消；再写上会自动恢复。",
        "{path}: it does not go to {channels} any more; what was not sent there is cancelled, and goes on when it is named again.",
        path=path,
        channels=say("、", ", ").join(channels),
    )


def _cancelled_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：发往 {channels} 的投递已取消，修改已收下但不会发布；要发布请用 {retry}。",
        "{path}: the delivery to {channels} is cancelled; the change is kept but not published. To publish it, run {retry}.",
        path=path,
        channels=say("、", ", ").join(channels),
        retry=Remedy("retry"),
    )


def _rescheduled_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：修改已收下；{channels} 的发布时间人工改过期，仍按改期后的时间，要再改请用 {reschedule}。",
        "{path}: the change is taken; on {channels} the time was set by a person and stays. To change it, run {reschedule_it}.",
        path=path,
        channels=say("、", ", ").join(channels),
        reschedule=Remedy("reschedule", at=None),
        reschedule_it=Remedy("reschedule"),
    )


def taken_over_notice(path: str, before: str, slug: str) -> str:
    """What is said of a file that has the slug of a post of another file, and other words."""
    return say(
        "{path}：slug “{slug}”原是 {before} 的，标题或内容不同；还没发出的投递已暂缓，是不是同一篇请定：{deliveries}",
        "{path}: the slug {slug!r} was that of {before}, whose title or text is another; what was not sent is held. Say whether it is the same "
        "post: {deliveries}",
        path=path,
        before=before,
        slug=slug,
        deliveries=Remedy("deliveries", state="held"),
    )


def other_post_notice(path: str, before: str, now: str) -> str:
    """What is said of a file that holds another post than before."""
    return say(
        "{path}：slug 由“{before}”改成了“{now}”，成了另一篇稿件；原稿件“{before}”仍在，不需要的话请取消它的投递（{cancel}）。",
        "{path}: the slug was {before!r} and is {now!r} now, which makes it another post; {before!r} is still there: cancel its "
        "deliveries ({cancel}) if it is not wanted.",
        path=path,
        before=before,
        now=now,
        cancel=Remedy("cancel"),
    )
