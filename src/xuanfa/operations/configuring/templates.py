"""Templates as people change them: seen with the newest posts first, in a process with bounds; then written as the workspace's own."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xuanfa.domain.access import Veil
from xuanfa.domain.act_settings import ChangeTemplate
from xuanfa.domain.errors import ConfigError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.setting import Fault, FaultySettingsError
from xuanfa.operations.configuring.acts import configured_of
from xuanfa.operations.configuring.files import keep_file, record
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import InboxFile, source_of
from xuanfa.operations.intake.reading import FAILED, TOO_MUCH, Read, Reader
from xuanfa.operations.intake.render import OPERATOR
from xuanfa.operations.restricting.rule import veil_of
from xuanfa.store import layouts
from xuanfa.store.layouts import Concerned

#: With so many posts a template is tried.
SHOWN: Final = 3
#: So long a trial may take in all. Seconds.
PATIENCE: Final = 20.0
#: A template is no longer. Characters.
LONGEST: Final = 200_000
#: What the program shows of others' platforms, and scripts: not what the office makes.
_NOT_OURS: Final = ("rehearsal/",)
_NO_TEXTS: Final = (".js",)
#: The line of history.
CHANGED: Final = "template_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateEntry:
    """A template in the list; ``is_own``: the workspace has one of its own."""

    name: str
    kind: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateText:
    """A template as it is now. ``digest`` names it; ``shipped`` is that of the program, empty where there is none."""

    name: str
    text: str
    digest: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a channel would get of a post by a template; ``trouble`` in one sentence where it would get nothing."""

    slug: str
    title: str
    channel: str
    post: Post | None
    rendition: Rendition | None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What would come of a template. ``trouble``: why it cannot be used; ``again``: posts that are signed, and would have to be reviewed anew."""

    trouble: str = ""
    shown: tuple[Shown, ...] = ()
    again: tuple[Concerned, ...] = ()


class VoidsReviewsError(StateError):
    """Signed posts would have to be reviewed anew, and whoever asks has not said that they may be. Nothing was written."""

    def __init__(self, posts: Sequence[Concerned]) -> None:
        super().__init__(
            say(
                "有 {n} 篇已签发的要重审：{titles}。没有写；知道了就勾上，再按一次。",
                "{n} signed posts would have to be reviewed anew: {titles}. Nothing was written; tick the box and press once more.",
                n=len(posts),
                titles=say("、", ", ").join(each.title for each in posts),
            )
        )
        self.posts = tuple(posts)


def templates_of(desk: Desk) -> list[TemplateEntry]:
    """The templates of the kinds that the workspace has channels of."""
    kinds = {channel.kind for channel in desk.channels.values()}
    return [
        TemplateEntry(name=name, kind=name.partition("/")[0], is_own=is_own)
        for name, is_own in desk.templates.names().items()
        if name.partition("/")[0] in kinds and _is_ours(name)
    ]


def template_of(desk: Desk, name: str) -> TemplateText:
    """A template as it is now. Raises StateError where there is none of that name."""
    entry = next((each for each in templates_of(desk) if each.name == name), None)
    if entry is None:
        raise StateError(say("没有这个模板。", "There is no such template."))
    text = desk.templates.source(name)
    return TemplateText(name=name, text=text, digest=_digest(text), is_own=entry.is_own)


def try_template(desk: Desk, name: str, text: str, veil: Veil) -> Trial:
    """What the newest posts would be by the text, as far as they are open to whoever looks. Raises ConfigError where nothing can be tried."""
    trouble = _malformed(desk, name, text)
    if trouble:
        return Trial(trouble=trouble)
    channels = _channels(desk, name)
    with desk.store.read() as connection:
        posts = [each for each in layouts.newest(connection, channels, SHOWN) if not veil.hides(each.slug)]
        signed = layouts.signed(connection, channels)
    with configured_of(desk).reading_with({name: text}, PATIENCE) as reader:
        shown = [one for post in posts for one in _shown(name, post, _read(desk, reader, post))]
        broken = next((one.trouble for one in shown if one.trouble), "")
        if broken or not signed:
            return Trial(trouble=broken, shown=tuple(shown))
        after = [_digests(_read(desk, reader, post)) for post in signed]
    with configured_of(desk).reading_with({}, PATIENCE) as reader:
        before = [_digests(_read(desk, reader, post)) for post in signed]
    # One that cannot be compared counts as one that would be another.
    again = [post for post, new, old in zip(signed, after, before, strict=True) if new != old or not old]
    return Trial(shown=tuple(shown), again=tuple(again))


def change_template(desk: Desk, act: ChangeTemplate, person: Person) -> TemplateText:
    """Write a template, or take the workspace's own away. Raises StateError where it was changed meanwhile, FaultySettingsError where it would
    keep posts from being rendered, VoidsReviewsError where signed posts would have to be reviewed anew unasked."""
    before = template_of(desk, act.template)
    if before.digest != act.base:
        raise StateError(
            say(
                "您打开这页以后，这个模板被改过，没有写。您改的还在；请和现在的对一遍，再按一次。",
                "This template was changed after you opened the page; nothing was written. What you typed is here: compare, then press once more.",
            )
        )
    own = desk.folder / "templates" / act.template
    if act.text is None and not before.is_own:
        return before
    text = _shipped(desk, act.template) if act.text is None else act.text
    trial = try_template(desk, act.template, text, veil_of(desk, person))
    if trial.trouble:
        raise FaultySettingsError([Fault(("text",), trial.trouble)])
    missing = [each for each in trial.again if each.slug not in act.accepted]
    if missing:
        raise VoidsReviewsError(missing)
    data = None if act.text is None else act.text.encode()
    kept = keep_file(own, desk.folder / "var" / "changed" / "templates" / act.template, data, desk.clock())
    record(desk, person, verb=act.verb, after=CHANGED, what=_told(act, trial.again), kept=kept)
    return template_of(desk, act.template)


def _told(act: ChangeTemplate, again: Sequence[Concerned]) -> str:
    """What was changed, for the history."""
    what = (
        say("模板 {name} 恢复为自带的", "the template {name} is as shipped again", name=act.template)
        if act.text is None
        else say("模板 {name} 改过", "the template {name} was changed", name=act.template)
    )
    if not again:
        return what
    slugs = say("、", ", ").join(each.slug for each in again)
    return what + say("，重审 {slugs}", "; reviewed anew: {slugs}", slugs=slugs)


def _read(desk: Desk, reader: Reader, post: Concerned) -> object:
    return reader.read(_file(desk, post), _source(desk, post), post.channels)


def _digests(read: object) -> dict[str, str]:
    if not isinstance(read, Read):
        return {}
    return {channel: made.rendition.digest for channel, made in read.rendered.items() if made.rendition is not None}


def _shown(name: str, post: Concerned, read: object) -> Iterator[Shown]:
    if not isinstance(read, Read) or any(getattr(each, "code", "") in {TOO_MUCH, FAILED} for each in read.problems):
        slow = say(
            "用这个模板做成稿太慢或太占内存，停下了：请看有没有绕不完的循环。",
            "Rendering by this template takes too long or too much memory, and was stopped: see whether something in it never ends.",
        )
        yield Shown(slug=post.slug, title=post.title, channel="", post=None, rendition=None, trouble=slow)
        return
    for channel, made in read.rendered.items():
        broken = next(
            (str(each.message) for each in made.findings if each.code == OPERATOR and name in each.message), ""
        )
        yield Shown(
            slug=post.slug,
            title=post.title,
            channel=channel,
            post=read.post,
            rendition=made.rendition,
            trouble=broken,
        )


def _malformed(desk: Desk, name: str, text: str) -> str:
    if len(text) > LONGEST:
        return say("模板太长，最多 {n} 个字。", "The template is too long: {n} characters at most.", n=LONGEST)
    return desk.templates.trouble(name, text)


def _channels(desk: Desk, name: str) -> list[str]:
    kind = name.partition("/")[0]
    return [channel.id for channel in desk.channels.values() if channel.kind == kind]


def _file(desk: Desk, post: Concerned) -> InboxFile:
    return InboxFile(path=desk.folder / post.path, shown_as=post.path, slug=post.slug)


def _source(desk: Desk, post: Concerned) -> bytes:
    """The file of a post; nothing where it is gone."""
    try:
        return source_of(_file(desk, post))
    except (OSError, ConfigError):
        return b""


def _shipped(desk: Desk, name: str) -> str:
    """The text that the program ships. Raises StateError where it ships none of that name."""
    own = desk.folder / "templates"
    for folder in desk.templates.folders:
        if folder != own and (path := Path(folder, *name.split("/"))).is_file():
            return path.read_text("utf-8-sig")
    raise StateError(say("程序没有自带这个模板，不能恢复。", "The program ships no such template."))


def _is_ours(name: str) -> bool:
    return not name.startswith(_NOT_OURS) and not name.endswith(_NO_TEXTS)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
