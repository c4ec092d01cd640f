"""A post put together from its front matter and its text, with everything that is wrong with either."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path

from xuanfa.content.pictures.media import PICTURE_MAX, MediaStore, require_size, unreadable
from xuanfa.content.reading import frontmatter
from xuanfa.content.reading.ai_pictures import ai_pictures
from xuanfa.content.reading.channels import Reach, one_line, require_short, require_title
from xuanfa.content.reading.fields import Fields, misspelt, nearest, read_fields
from xuanfa.content.reading.files import ABSENT, Files, InFluxError
from xuanfa.content.reading.kinds import suffix_of
from xuanfa.content.reading.repeating import repeat_of
from xuanfa.content.reading.report import Report
from xuanfa.content.reading.restricted import access_of
from xuanfa.content.reading.slugs import SLUG_BYTES, SLUG_MAX, wrong_slug
from xuanfa.content.reading.sources import Inner
from xuanfa.content.text import bounds, markdown
from xuanfa.content.text.leftovers import in_words, marks_in_plain
from xuanfa.content.text.summary import SUMMARY_MAX, summary_of
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ContentError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture, Post, Source
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import reserved_at


class Assembly:
    """Reads one text. ``problems`` grow while it reads."""

    def __init__(
        self,
        *,
        path: Path,
        shown_as: str,
        zone: tzinfo,
        columns: Mapping[str, Column],
        media: MediaStore,
        slug: str = "",
        kinds: Mapping[str, str] | None = None,
        inner: Inner | None = None,
    ) -> None:
        self._report = Report(shown_as)
        self._reach = Reach(self._report, zone, columns)
        self._path = path
        self._columns = columns
        self._kinds = kinds or {}
        self._media = media
        self._files = Files(path, shown_as, inner)
        self._known_as = slug
        #: The pictures that the post is made of, by their names from its folder: size and time of change before they were read.
        self.parts: dict[str, tuple[int, int]] = {}
        #: Whether reading it once more finds the same as long as neither file, pictures nor settings change.
        self.is_final = True
        #: To whom the post is open, as far as its file says so.
        self.access: tuple[str, ...] = ()
        #: Whether the body has nothing yet; a file of which no more is wrong is a draft.
        self.is_empty = False

    @property
    def problems(self) -> list[ContentError]:
        """What is wrong so far."""
        return self._report.problems

    @property
    def notices(self) -> list[ContentError]:
        """What stops nothing and should be known."""
        return self._report.notices

    def read(self, text: str) -> Post | None:
        """The post; where there are problems, it is not to be used."""
        report = self._report
        try:
            report.matter = frontmatter.parse(text, report.shown_as)
        except ContentError as error:
            report.problems.append(error)
            return None
        for line, comment in report.matter.comments.items():
            report.tell(line, _comment_in_words(comment))
        fields, problems = read_fields(report.matter, report.shown_as)
        report.problems += problems
        self.access = access_of(report, fields.access)
        column = self._column(fields.column.strip())
        publish_at, expires_at = self._reach.times(fields)
        retract_at, review_on = self._reach.ending(fields, publish_at)
        self._reach.require_no_time(fields)
        slug = self._slug(fields.slug.strip())
        repeat = repeat_of(self._report, fields, publish_at, slug, self._reach.zone)
        self._check_lengths(fields)
        self._check_secret(fields)
        self._check_marks()
        self._check_lines(fields)
        are_bounded = self._check_texts(fields)
        cover = self._cover(fields.cover.strip())
        pictures = self._pictures(fields) if are_bounded else ()
        post = Post(
            slug=slug,
            title=self._title(fields.title),
            column=column.id if column else "",
            body=report.matter.body,
            summary=one_line(fields.summary),
            author=fields.author.strip(),
            department=fields.department.strip(),
            editor=fields.editor.strip(),
            source=self._source(fields),
            keywords=tuple(dict.fromkeys(word.strip() for word in fields.keywords if word.strip())),
            cover=cover,
            pictures=pictures,
            attachments=self._attachments(fields),
            publish_at=publish_at,
            expires_at=expires_at,
            retract_at=retract_at,
            review_on=review_on,
            shelf=bool(fields.shelf),
            repeat=repeat,
            corrects=self._corrects(fields),
            kind=self._kind(fields.kind.strip()),
            access=self.access,
            ai=fields.ai or "",
            ai_pictures=ai_pictures(report, fields, pictures, cover) if are_bounded else (),
            channels=self._reach.channels(fields, column, expires_at),
            path=report.shown_as,
        )
        if are_bounded and not report.problems:
            self._check_summary(fields)
        return post

    def _title(self, title: str) -> str:
        return (
            title
            if not title and "title" in misspelt(self._report.matter)
            else require_title(self._report, title, "title")
        )

    def _column(self, name: str) -> Column | None:
        """The column named, or the only one there is. Without one, ``None`` and a problem."""
        if name in self._columns:
            return self._columns[name]
        if not name and len(self._columns) == 1:
            return next(iter(self._columns.values()))
        if not name and "column" in misspelt(self._report.matter):
            return None
        known = say("、", ", ").join(
            say("{id}（{title}）", "{id} ({title})", id=column.id, title=column.title)
            for column in self._columns.values()
        )
        if name:
            by_title = {column.title: column.id for column in self._columns.values()}
            guess = by_title.get(name) or nearest(name, self._columns)
            message = say(
                "没有专栏“{name}”。{hint}可选：{known}。",
                "There is no column {name!r}. {hint}Possible: {known}.",
                name=name,
                hint=say("是不是想写 {guess}？", "Did you mean {guess}? ", guess=guess) if guess else "",
                known=known,
            )
        else:
            message = say(
                "没有写专栏。请加上 column，可选：{known}。",
                "No column is named. Add `column`, one of: {known}.",
                known=known,
            )
        self._report.add(message, "column")
        return None

    def _slug(self, written: str) -> str:
        slug = unicodedata.normalize("NFC", written or self._known_as or self._path.stem)
        if re.fullmatch(r"[\w-]+", slug) and len(slug) <= SLUG_MAX and len(slug.encode()) <= SLUG_BYTES:
            return slug
        self._report.add(wrong_slug(slug, named=bool(written), ending=suffix_of(self._path.name) or ".md"), "slug")
        return slug

    def _corrects(self, fields: Fields) -> str:
        """The slug of the post that this one corrects, also where its file was named."""
        written = fields.corrects.strip().rpartition("/")[2]
        named = unicodedata.normalize("NFC", written[: len(written) - len(suffix_of(written))])
        if named and (not re.fullmatch(r"[\w-]+", named) or named == (fields.slug.strip() or self._path.stem)):
            self._report.add(
                say(
                    "corrects 应写被更正稿件的编号（它的文件名，不带 .md），不能是“{named}”。用 {posts} 可以查到编号。",
                    "`corrects` names the post that is corrected by its slug (its file's name without .md), which {named!r} is not. See {posts}.",
                    named=named,
                    posts=Remedy("posts"),
                ),
                "corrects",
            )
        return named

    def _kind(self, written: str) -> str:
        """The id of a review template, as it is named in the settings or for people."""
        named = {name: id_ for id_, name in self._kinds.items()}.get(written, written)
        if named and named not in self._kinds:
            guess = nearest(named, self._kinds)
            self._report.add(
                say(
                    "没有稿件类型“{kind}”。{hint}可选：{known}；按专栏的规定就不写 kind。",
                    "There is no kind {kind!r}. {hint}Possible: {known}; without `kind` the column decides.",
                    kind=written,
                    hint=say("是不是想写 {guess}？", "Did you mean {guess}? ", guess=guess) if guess else "",
                    known=say("、", ", ").join(
                        say("{id}（{name}）", "{id} ({name})", id=id_, name=name) for id_, name in self._kinds.items()
                    ),
                ),
                "kind",
            )
            return ""
        return named

    def _check_secret(self, fields: Fields) -> None:
        """What its author calls secret goes nowhere."""
        if fields.secret:
            self._report.add(
                say(
                    "稿头写明涉密（secret: 是）：涉密内容不得在互联网发布，没有排入。经保密审查可以公开的，处理后改为 secret: 否。",
                    "The front matter says that it is secret: that is not published, and it was not queued. Once it may be made public, write "
                    "secret: no.",
                ),
                "secret",
            )

    def _check_lengths(self, fields: Fields) -> None:
        """What has a limit wherever it goes. Titles are looked at where they are taken."""
        source = fields.source.name if fields.source else ""
        for key, text, most in (
            ("summary", fields.summary, bounds.WRITTEN_SUMMARY_MAX),
            ("author", fields.author, bounds.NAME_MAX),
            ("editor", fields.editor, bounds.NAME_MAX),
            ("department", fields.department, bounds.NAME_MAX),
            ("subtitle", fields.subtitle, bounds.NAME_MAX),
            ("phone", fields.phone, bounds.NAME_MAX),
            ("source", source, bounds.NAME_MAX),
            ("source", fields.source.url if fields.source else "", bounds.ADDRESS_MAX),
            ("cover", fields.cover, bounds.ADDRESS_MAX),
            ("keywords", max(fields.keywords, key=len, default=""), bounds.NAME_MAX),
        ):
            require_short(self._report, text, most, key)
        if len(fields.keywords) > bounds.KEYWORDS_MAX:
            message = say(
                "关键词有 {n} 个，最多 {most} 个。请只留要紧的。",
                "There are {n} keywords, {most} at most. Keep those that matter.",
                n=len(fields.keywords),
                most=bounds.KEYWORDS_MAX,
            )
            self._report.add(message, "keywords")

    def _check_marks(self) -> None:
        """No address that the program fills in when it publishes: it would be filled in."""
        matter = self._report.matter
        at = reserved_at(matter.body)
        if at is not None:
            self._report.at(matter.body_line + matter.body.count("\n", 0, at), _reserved())
        for line in matter.lines_of(reserved_at):
            self._report.at(line, _reserved())

    def _check_texts(self, fields: Fields) -> bool:
        """The body and the channels' own texts: not too much to render, not empty, not cut off by a comment, no picture that would be shown
        as text. Whether all may be looked at further."""
        matter = self._report.matter
        are_bounded = self._check_text(matter.body, matter.body_line, say("正文", "The body"), is_body=True)
        for channel, override in (fields.channels or {}).items():
            if override.text is not None:
                line = matter.line(("channels", channel, "text"))
                what = say("渠道“{channel}”的 text", "The text for the channel {channel!r}", channel=channel)
                are_bounded &= self._check_text(override.text, line, what, is_body=False)
        return are_bounded

    def _check_text(self, text: str, first_line: int, what: str, *, is_body: bool) -> bool:
        def line(number: int) -> int:
            return first_line + number - 1 if is_body else first_line

        if (found := markdown.excess(text)) is not None:
            self._report.at(line(found[0]), found[1])
            return False
        unclosed = markdown.unclosed_comment(text)
        if unclosed is not None:
            self._report.at(
                line(unclosed),
                say(
                    "注释 <!-- 没有结束，后面的文字都会丢失。请在注释末尾加上 -->。",
                    "The comment <!-- does not end, and the text after it would be lost. Add --> where it ends.",
                ),
            )
        elif not _without_comments(text).strip():
            self.is_empty = self.is_empty or is_body
            self._report.at(
                first_line, say("{what}是空的。请写上文字。", "{what} is empty. Write the text.", what=what)
            )
        for written, number in markdown.miswritten_pictures(text):
            self._report.at(
                line(number),
                say(
                    "图片写法不对：{written}。要用半角符号写成 ![说明](文件名)；文件名里有空格时写成 ![说明](<文件名>)。",
                    "Not a picture: {written}. Write ![text](file), or ![text](<file>) where its name holds a space.",
                    written=written,
                ),
            )
        for leftover in markdown.leftovers(text):
            self._report.tell(line(leftover.line), in_words(leftover))
        return True

    def _check_summary(self, fields: Fields) -> None:
        """A summary is made of whole sentences; where none fits, people are asked for one."""
        matter = self._report.matter
        if not self.is_empty and not fields.summary.strip() and not summary_of(markdown.to_html(matter.body)):
            self._report.tell(
                matter.line(("title",)),
                say(
                    "正文里没有适合作摘要的整句（{n} 字以内），列表和分享卡片里不显示摘要。需要的话请在稿头写 summary。",
                    "No whole sentence of the text fits as a summary ({n} characters), so lists and cards show none. Write `summary` for one.",
                    n=SUMMARY_MAX,
                ),
            )

    def _check_lines(self, fields: Fields) -> None:
        """Titles, summaries and names are plain text: marks in them stay marks."""
        keys = [(key,) for key in ("title", "summary", "author", "department", "editor")] + [
            ("channels", channel, key) for channel in fields.channels or {} for key in ("title", "summary")
        ]
        for key in keys:
            override = (fields.channels or {}).get(key[1]) if len(key) > 1 else fields
            line = self._report.matter.line(key)
            for leftover in dict.fromkeys(marks_in_plain(getattr(override, key[-1]) or "", line)):
                self._report.tell(line, in_words(leftover))

    def _source(self, fields: Fields) -> Source | None:
        if fields.source is None:
            return None
        name, url = fields.source.name.strip(), fields.source.url.strip()
        if not name:
            self._report.add(
                say("来源没有名称。请写上 name。", "The source has no name. Write `name`."), "source", "name"
            )
        if url and not re.match(r"https?://[^\s/]", url):
            self._report.add(
                say(
                    "来源的网址“{url}”不对，应以 http:// 或 https:// 开头。请改正。",
                    "The source's address {url!r} must begin with http:// or https://. Mend it.",
                    url=url,
                ),
                "source",
                "url",
            )
        return Source(name=name, url=url)

    def _cover(self, source: str) -> Picture | None:
        return self._keep(source, self._report.matter.line(("cover",))) if source else None

    def _pictures(self, fields: Fields) -> tuple[Picture, ...]:
        """The body's in order, then those that only a channel's own text refers to."""
        kept: dict[str, Picture | None] = {}
        for picture, line in self._referred(fields):
            if picture.source in kept:
                continue
            if len(kept) == bounds.PICTURES_MAX:
                self._report.at(line, _too_many_pictures())
                break
            kept[picture.source] = self._keep(picture.source, line, alt=picture.alt, caption=picture.caption)
        return tuple(picture for picture in kept.values() if picture is not None)

    def _attachments(self, fields: Fields) -> tuple[Attachment, ...]:
        """In the order of the front matter; each file once."""
        if not fields.attachments:
            return ()
        from xuanfa.content.reading.attachments import read_all  # noqa: PLC0415 - few posts have any

        named = [(each.file.strip(), each.title) for each in fields.attachments]
        read = read_all(named, self._path, self._report, self._media, self.parts)
        self.is_final &= read.is_final
        return read.attachments

    def _referred(self, fields: Fields) -> Iterator[tuple[markdown.Referred, int]]:
        matter = self._report.matter
        for picture in markdown.pictures(matter.body):
            yield picture, matter.body_line + picture.line - 1
        for channel, override in (fields.channels or {}).items():
            for picture in markdown.pictures(override.text or ""):
                yield picture, matter.line(("channels", channel, "text"))

    def _note_part(self, source: str) -> None:
        """Whether a picture is there at all: one that is missing may come."""
        name = os.path.normpath(source.replace("\\", "/"))
        try:
            facts = (self._path.parent / name).stat()
            self.parts[name] = (facts.st_size, facts.st_mtime_ns)
        except (OSError, ValueError):
            self.parts[name] = ABSENT

    def _keep(self, source: str, line: int, *, alt: str = "", caption: str = "") -> Picture | None:
        try:
            if source in self._files.inner:
                data = self._files.inner[source]
                require_size(len(data), source)
                return self._media.take(data, source, alt=alt, caption=caption)
            self._note_part(source)
            file, data, facts = self._files.read(source, PICTURE_MAX)
            self.parts[os.path.relpath(file, self._path.parent)] = (facts.st_size, facts.st_mtime_ns)
            require_size(max(facts.st_size, len(data)), source)
            return self._media.take(data, source, alt=alt, caption=caption)
        except OSError as error:
            self.is_final = False
            self._report.at(line, str(unreadable(source, error)))
            return None
        except XuanfaError as error:
            self.is_final &= isinstance(error, ContentError) and not isinstance(error, InFluxError)
            self._report.at(line, str(error))
            return None


def _comment_in_words(comment: str) -> str:
    return say(
        "“{comment}”前面有空格和 #，按注释处理，不会发布。要发布的话，用半角双引号把整个内容括起来。",
        "{comment!r} begins with # after a space, which makes it a comment: it is not published. To publish it, put the value in double quotes.",
        comment=comment,
    )


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join((*parts, text[at:]))


def _reserved() -> str:
    return say(
        "late.invalid 是系统留作地址占位的，不能写在稿件里。请删去，或写成真正的网址。",
        "late.invalid stands for addresses that the program fills in, and must not be written in a post. Remove it, or write the real address.",
    )


def _too_many_pictures() -> str:
    return say(
        "图片太多，一篇稿件最多 {most} 张。请分成几篇。",
        "Too many pictures: a post takes {most} at most. Make it several posts.",
        most=bounds.PICTURES_MAX,
    )
