"""The file of an occurrence (期): its source's, without the rule, under a name and at times of its own. The text stays as it is, byte by line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from xuanfa.content.reading import beside
from xuanfa.content.reading.frontmatter import parse
from xuanfa.content.reading.kinds import suffix_of
from xuanfa.content.reading.own_channels import Wanted as WantedChannels
from xuanfa.content.reading.own_channels import channels_of, with_channels
from xuanfa.content.reading.rewriting import as_yaml, rewritten
from xuanfa.content.reading.sources import decode
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say

#: What the file of a turn says of itself, to whoever opens it.
_NOTE: Final = "# 由 {source} 自动排入的一期。只改这一期就改本文件，改过之后不再跟着变；各期都要改就改 {source}。"
_RULE: Final = ("repeat", "repeat_until", "on_holiday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The files of an occurrence by the endings of their names, in the order in which they are to be written; together they have ``digest``."""

    parts: Mapping[str, bytes]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an occurrence says instead of its source: its slug, when it is due, as its zone's clocks show it, other times by their keys, those
    of channels by the channel, and which file it was made of."""

    slug: str
    publish_at: str
    source: str
    times: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def occurrence_of(source: bytes, path: Path, wanted: Wanted) -> Written:
    """The files of an occurrence of the source with these bytes. Raises ContentError where its front matter cannot be written so."""
    document, sidecar = beside.parted(source)
    if not beside.name_of(path.name):
        text = decode(source, path.name).text
        made = _with(text, wanted, plain=False).encode()
        return Written(parts={suffix_of(path.name): made}, digest=beside.digest(made))
    own = "" if sidecar is None else decode(sidecar, beside.name_of(path.name)).text
    lines = [line for line in own.rstrip().split("\n") if line.strip() != "---"]
    head = _with("\n".join(["---", *lines, "---", ""]), wanted, plain=True)
    # The document may hold the rule in a table of its own: what stands beside it goes first.
    inner = head.split("\n---\n", 1)[0].removeprefix("---").strip("\n")
    yaml = f'{inner}\nrepeat: "no"\n'.encode()
    parts = {beside.ENDING: yaml, suffix_of(path.name): document}
    return Written(parts=parts, digest=beside.digest(beside.joined(document, yaml)))


def _with(text: str, wanted: Wanted, *, plain: bool) -> str:
    matter = parse(text, "")
    values = dict.fromkeys(_RULE, "") | {"slug": wanted.slug, "publish_at": wanted.publish_at}
    values |= wanted.times
    text = rewritten(text, values, matter.body)
    for channel, at in wanted.channels.items():
        text = _of_channel(text, channel, at)
    if plain:
        return text.rstrip("\n") + "\n"
    first, rest = text.split("\n", 1)
    return "\n".join((first, _NOTE.format(source=wanted.source), rest))


def _of_channel(text: str, channel: str, at: str) -> str:
    """The text with another time for one channel. Where its line is none of its own, as in braces, the channels are written anew, each with lines
    of its own. Raises ContentError where that would say something else."""
    matter = parse(text, "")
    number = matter.line(("channels", channel, "publish_at")) - 1
    lines = text.split("\n")
    changed, count = re.subn(r"^(\s+publish_at:\s*)\S.*$", lambda found: found[1] + as_yaml(at), lines[number])
    if count:
        lines[number] = changed
        return "\n".join(lines)
    known = channels_of(matter) or {}
    wanted = known | {channel: known.get(channel, {}) | {"publish_at": at}}
    written = with_channels(text, wanted)
    if _channels_in(written) != wanted:
        raise ContentError(
            say(
                "渠道 {channel} 的 publish_at 换不成各期自己的时间：请让它单独占一行。",
                "The publish_at of the channel {channel} cannot be given each occurrence's own time: give it a line of its own.",
                channel=channel,
            )
        )
    return written


def _channels_in(text: str) -> WantedChannels | None:
    """What a text says of its channels; ``None`` where it cannot be read."""
    try:
        return channels_of(parse(text, ""))
    except ContentError:
        return None
