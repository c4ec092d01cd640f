"""The practice account's pictures and drafts: limits, refusals, and what happens to pictures from elsewhere."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from xuanfa.rehearsal.journal import Turn
from xuanfa.rehearsal.wechat_rules import Rules, Said, refused

DRAFT_PATHS = frozenset(f"/cgi-bin/draft/{verb}" for verb in ("add", "update", "get", "delete", "count", "batchget"))
_BODY_PICTURE_MAX, _MATERIAL_MAX = 1_048_576, 10 * 1_048_576
_CHARACTERS_MAX, _BYTES_MAX, _SOURCE_MAX, _AUTHOR_MAX, _NEWSPIC_MAX = 20_000, 1_048_576, 1024, 16, 20
_JPEG, _PNG, _GIF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8"
_IMG = re.compile(r'<img\b[^>]*?\bsrc="(?P<src>[^"]*)"[^>]*>', re.IGNORECASE)
_SCRIPT = re.compile(
    r"<(script|style|iframe|form)\b.*?</\1\s*>|</?(?:script|style|iframe|form|input|link|meta)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)


class Drafts:
    """The draft box at one moment."""

    def __init__(self, turn: Turn, now: datetime, rules: Rules) -> None:
        self._turn = turn
        self._now = now
        self._rules = rules

    def upload(self, path: str, query: Mapping[str, str], file: bytes) -> Said:
        """A picture for a body (jpg, png, below 1 MB), or one for the library."""
        number = hashlib.sha256(file).hexdigest()[:24]
        if not file:
            return refused(41005)
        if path.endswith("uploadimg"):
            if not file.startswith((_JPEG, _PNG)):
                return refused(40005)
            if len(file) >= _BODY_PICTURE_MAX:
                return refused(40009)
            address = f"http://mmbiz.qpic.cn/mmbiz_jpg/{number}/0?wx_fmt=jpeg&from=rehearsal"
            self._turn.put(f"image:{address}", {"size": len(file)})
            return {"url": address}
        if query.get("type") != "image" or not file.startswith((_JPEG, _PNG, _GIF, b"BM")):
            return refused(40005)
        if len(file) > _MATERIAL_MAX:
            return refused(40009)
        held = self._turn.count("material:") + 1
        media_id = f"material-{held}-{number}"
        self._turn.put(f"material:{media_id}", {"size": len(file)})
        return {"media_id": media_id, "url": f"http://mmbiz.qpic.cn/mmbiz/{number}/0"}

    def answer(self, path: str, data: Mapping[str, Any]) -> Said:
        """One of the draft calls."""
        match path.rpartition("/")[2]:
            case "add":
                return self._add(data)
            case "update":
                return self._update(data)
            case "count":
                return {"total_count": self._turn.count("draft:")}
            case "batchget":
                return page(self._turn.things("draft:"), "draft:", "media_id", data)
            case verb:
                held = self._turn.thing(f"draft:{data.get('media_id')}")
                if held is None:
                    return refused(40007)
                if verb == "delete":
                    self._turn.drop(f"draft:{data['media_id']}")
                    return {"errcode": 0, "errmsg": "ok"}
                return {"news_item": held["articles"], "create_time": held["time"], "update_time": held["time"]}

    def _add(self, data: Mapping[str, Any]) -> Said:
        articles = data.get("articles")
        if not isinstance(articles, list) or not articles:
            return refused(44003)
        for article in articles:
            if code := self._code(article):
                return refused(code)
        count = int(self._turn.thing("drafts made") or 0) + 1
        self._turn.put("drafts made", count)
        media_id = f"draft-{count}-{hashlib.sha256(str(count).encode()).hexdigest()[:16]}"
        self._hold(media_id, [self._cleaned(article, media_id) for article in articles])
        return {"media_id": media_id, "item": []}

    def _update(self, data: Mapping[str, Any]) -> Said:
        media_id = data.get("media_id")
        held = self._turn.thing(f"draft:{media_id}")
        if held is None:
            return refused(40007)
        index, article = data.get("index"), data.get("articles")
        if not isinstance(index, int) or not 0 <= index < len(held["articles"]):
            return refused(40114)
        if not isinstance(article, dict):
            return refused(47001)
        if code := self._code(article):
            return refused(code)
        held["articles"][index] = self._cleaned(article, str(media_id))
        self._hold(str(media_id), held["articles"])
        return {"errcode": 0, "errmsg": "ok"}

    def _hold(self, media_id: str, articles: list[dict[str, Any]]) -> None:
        self._turn.put(f"draft:{media_id}", {"articles": articles, "time": int(self._now.timestamp())})

    def _code(self, article: Any) -> int:
        """What is wrong with an article; 0 is nothing."""
        if not isinstance(article, dict):
            return 47001
        title, content = str(article.get("title", "")), str(article.get("content", ""))
        source = str(article.get("content_source_url", ""))
        if not title or len(title) > self._rules.title_max:
            return 45003
        if len(str(article.get("digest", ""))) > self._rules.digest_max:
            return 45004
        if len(str(article.get("author", ""))) > _AUTHOR_MAX or not content.strip():
            return 45166 if content.strip() else 44003
        if len(content) >= _CHARACTERS_MAX or len(content.encode()) >= _BYTES_MAX:
            return 45166
        if source and (len(source.encode()) > _SOURCE_MAX or urlsplit(source).scheme not in {"http", "https"}):
            return 41039
        if article.get("need_open_comment") and not self._rules.has_comments:
            return 88000
        return 0 if self._pictures_are_known(article) else 40007

    def _pictures_are_known(self, article: Mapping[str, Any]) -> bool:
        if article.get("article_type") == "newspic":
            images = (article.get("image_info") or {}).get("image_list") or []
            ids = [image.get("image_media_id") for image in images]
            return 0 < len(ids) <= _NEWSPIC_MAX and all(self._turn.thing(f"material:{id_}") for id_ in ids)
        return self._turn.thing(f"material:{article.get('thumb_media_id')}") is not None

    def _cleaned(self, article: Mapping[str, Any], media_id: str) -> dict[str, Any]:
        """As the platform stores it: no scripts, and no pictures that were not uploaded to it."""

        def kept(match: re.Match[str]) -> str:
            address = match["src"].replace("&amp;", "&")
            return match[0] if self._turn.thing(f"image:{address}") else ""

        content = _IMG.sub(kept, _SCRIPT.sub("", str(article["content"])))
        return {**article, "content": content, "url": f"http://mp.weixin.qq.com/s?__biz=rehearsal&tempkey={media_id}"}


def page(held: Mapping[str, Any], beginning: str, name: str, data: Mapping[str, Any]) -> Said:
    """A page of a listing, the latest first, 20 entries at most."""
    offset, count = data.get("offset"), data.get("count")
    if not isinstance(offset, int) or not isinstance(count, int) or not 1 <= count <= 20:  # noqa: PLR2004 - documented
        return refused(40002)
    entries = sorted(held.items(), key=lambda entry: -entry[1]["time"])[offset : offset + count]
    items = [
        {
            name: key.removeprefix(beginning),
            "content": {"news_item": [_listed(article, data) for article in entry["articles"]]},
            "update_time": entry["time"],
        }
        for key, entry in entries
    ]
    return {"total_count": len(held), "item_count": len(items), "item": items}


def _listed(article: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in article.items() if key != "content" or not data.get("no_content")}
