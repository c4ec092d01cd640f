"""A WordPress site to practise on: posts, pictures, categories and tags through the REST interface, as a real 6.1 was seen to answer.

What it holds is what it has answered: each accepted answer in the journal is an object of the site, the newest of a number counting.
Anybody is signed in.
"""

import json
import re
from datetime import UTC, datetime
from email.message import Message
from html import escape
from typing import Any

import httpx

from xuanfa.rehearsal.journal import Turn
from xuanfa.rehearsal.platform import Platform, Reply

_ACCOUNT = "site"
_LISTS = ("posts", "media", "categories", "tags")
_RIGHTS = ("publish_posts", "edit_published_posts", "delete_published_posts", "upload_files", "manage_categories")
_START = datetime(2000, 1, 1, tzinfo=UTC)

#: What a name of a term loses when the site cleans it.
_TAG = re.compile(r"<[^<>]*>")

Thing = dict[str, Any]


class WordpressPlatform(Platform):
    """The site's side of the conversation."""

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """What the site answers, and what it keeps."""
        path = request.url.params.get("rest_route", "") or request.url.path.partition("/wp-json")[2]
        match path.removeprefix("/wp/v2/").split("/"):
            case [""]:
                return Reply(body="{}")
            case ["users", "me"]:
                return _answer({"id": 1, "capabilities": dict.fromkeys(_RIGHTS, True)})
            case [kind] if kind in _LISTS and request.method == "GET":
                return _answer(_listed(kind, _things(turn, kind), request.url.params))
            case [kind] if kind in _LISTS and request.method == "POST":
                return self._create(kind, request, body, now, turn)
            case ["posts", number] if number.isdigit():
                return self._change(int(number), request, body, now, turn)
            case _:
                return _refusal(404, "rest_no_route")

    def publishes(self, request: httpx.Request) -> bool:
        """Making or changing a post, not pictures and terms."""
        return request.method == "POST" and "/wp/v2/posts" in self.shown_path(request.url)

    def shown_path(self, url: httpx.URL) -> str:
        """The sign-in travels in a header, which is not kept."""
        return url.params.get("rest_route", "") or url.path

    def shown_body(self, request: httpx.Request, body: bytes) -> str:
        """A picture by its name."""
        name = request.headers.get("content-disposition")
        return f"[{_filename(name)}]" if name else body.decode("utf-8", "replace")

    def _create(self, kind: str, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        things = _things(turn, kind)
        number = max((int(thing["id"]) for thing in things), default=0) + 1
        base = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        if kind == "media":
            name = _filename(request.headers.get("content-disposition", ""))
            if not name or not body:
                return _refusal(400, "rest_upload_no_data")
            title = request.url.params.get("title", name)
            return _kept(kind, {"id": number, "title": title, "source_url": f"{base}/uploads/{name}"}, 201)
        given = _fields(body)
        if kind != "posts":
            if not _TAG.sub("", str(given.get("name") or "")).strip():
                return _refusal(
                    500, "empty_term_name"
                )  # the error of ``wp_insert_term``, to which nobody adds a status
            same = [thing for thing in things if thing["name"] == escape(str(given.get("name")), quote=False)]
            if same:
                return _refusal(400, "term_exists", term_id=same[0]["id"])
            return _kept(kind, {"id": number, "name": escape(str(given.get("name")), quote=False)}, 201)
        if not any(given.get(name) for name in ("title", "content", "excerpt")):
            return _refusal(400, "empty_content")
        slug = _free_slug(str(given.get("slug") or number), things)
        post = {"id": number, "slug": slug, "status": "draft", "link": f"{base}/{slug}/"}
        return _kept(kind, _written(post, given, now), 201)

    def _change(self, number: int, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        post = next((thing for thing in _things(turn, "posts") if thing["id"] == number), None)
        if post is None:
            return _refusal(404, "rest_post_invalid_id")
        if request.method == "GET":
            return _answer(post)
        if request.method == "POST" and request.headers.get("x-http-method-override") != "DELETE":
            return _kept("posts", _written(post, _fields(body), now), 200)
        if post["status"] == "trash":
            return _refusal(410, "rest_already_trashed")
        return _kept("posts", post | {"status": "trash", "slug": f"{post['slug']}__trashed"}, 200)


def _things(turn: Turn, kind: str) -> list[Thing]:
    """The site's objects of a kind as they are now."""
    newest: dict[int, Thing] = {}
    for past in turn.since(_ACCOUNT, _START):
        if past.accepted and past.message == kind:
            thing = json.loads(past.answer)
            newest[thing["id"]] = thing
    return list(newest.values())


def _listed(kind: str, things: list[Thing], params: httpx.QueryParams) -> list[Thing]:
    if kind == "posts":
        states = params.get("status", "publish").split(",")
        if "slug" not in params:
            count, page = int(params.get("per_page", "10")), int(params.get("page", "1"))
            shown = [thing for thing in reversed(things) if thing["status"] in states]
            return shown[(page - 1) * count : page * count]
        slugs = params["slug"].split(",")
        return [thing for thing in things if thing["status"] in states and thing["slug"] in slugs]
    if "include" in params:
        return [thing for thing in things if str(thing["id"]) in params["include"].split(",")]
    wanted = escape(params.get("search", ""), quote=False)
    return [thing for thing in things if wanted in str(thing.get("title") or thing.get("name"))]


def _written(post: Thing, given: Thing, now: datetime) -> Thing:
    """The post with what was given. Texts are read back as they were written."""
    changed: Thing = {name: {"raw": given[name]} for name in ("title", "content", "excerpt") if name in given}
    plain: Thing = {name: given[name] for name in ("status", "categories", "tags", "featured_media") if name in given}
    moment = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    return {"date_gmt": moment, **post, **changed, **plain, "modified_gmt": moment}


def _free_slug(slug: str, posts: list[Thing]) -> str:
    """The slug, or the next free one: the site never refuses one that is taken."""
    taken = {post["slug"] for post in posts}
    number = 2
    free = slug
    while free in taken:
        free, number = f"{slug}-{number}", number + 1
    return free


def _fields(body: bytes) -> Thing:
    try:
        fields = json.loads(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _filename(disposition: str) -> str:
    message = Message()
    message["Content-Disposition"] = disposition
    return re.sub(r"[^\w.-]", "", message.get_filename() or "")


def _kept(kind: str, thing: Thing, status: int) -> Reply:
    return Reply(
        body=json.dumps(thing, ensure_ascii=False), status=status, accepted=True, account=_ACCOUNT, message=kind
    )


def _answer(data: object) -> Reply:
    return Reply(body=json.dumps(data, ensure_ascii=False))


def _refusal(status: int, code: str, **data: object) -> Reply:
    return Reply(body=json.dumps({"code": code, "message": code, "data": {"status": status, **data}}), status=status)
