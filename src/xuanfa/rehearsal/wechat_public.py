"""What the practice account's readers see: publishing that takes its time, mass sends, listings, deletions."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from xuanfa.rehearsal.journal import Turn
from xuanfa.rehearsal.wechat_drafts import page
from xuanfa.rehearsal.wechat_rules import Rules, Said, day, refused

PUBLIC_PATHS = frozenset(
    {
        *(f"/cgi-bin/freepublish/{verb}" for verb in ("submit", "get", "delete", "getarticle", "batchget")),
        *(f"/cgi-bin/message/mass/{verb}" for verb in ("sendall", "get", "delete")),
        "/datacube/getarticletotaldetail",
    }
)
#: How long a ``clientmsgid`` is known, how soon it may be repeated, and its length in bytes.
_KNOWN, _TOO_SOON, _ID_MAX = timedelta(hours=24), timedelta(minutes=1), 32
_PUBLISHING = 1


class Public:
    """What is published, or on its way, at one moment."""

    def __init__(self, turn: Turn, now: datetime, rules: Rules) -> None:
        self._turn = turn
        self._now = now
        self._rules = rules

    def finish(self) -> None:
        """What has had its time is published; a draft that was published or sent leaves the draft box."""
        for name, job in self._turn.things("publish:", holding="done_at").items():
            if job["status"] == _PUBLISHING and self._now >= datetime.fromisoformat(job.pop("done_at")):
                job["status"] = self._rules.verdict
                if job["status"] == 0:
                    job["article_id"] = self._publish(job["media_id"], job["articles"])
                self._turn.put(name, job)
        for name, job in self._turn.things("mass:", holding="done_at").items():
            if job["status"] == "SENDING" and self._now >= datetime.fromisoformat(job.pop("done_at")):
                self._turn.drop(f"draft:{job['media_id']}")
                self._turn.put(name, {**job, "status": "SEND_SUCCESS"})
        self._press()

    def _press(self) -> None:
        """The person who publishes drafts in the console, where practice has one."""
        wait = self._rules.person_publishes_after
        if wait is None:
            return
        for name, draft in self._turn.things("draft:").items():
            if self._now.timestamp() - draft["time"] >= wait.total_seconds():
                self._publish(name.removeprefix("draft:"), draft["articles"])

    def _publish(self, media_id: str, articles: list[dict[str, Any]]) -> str:
        count = self._turn.count("article:") + 1
        article_id = f"article-{count}"
        shown = [
            {**article, "url": f"http://mp.weixin.qq.com/s/{_letters(f'{article_id}-{index}')}", "is_deleted": False}
            for index, article in enumerate(articles)
        ]
        self._turn.put(f"article:{article_id}", {"articles": shown, "time": int(self._now.timestamp())})
        self._turn.drop(f"draft:{media_id}")
        return article_id

    def answer(self, path: str, data: Mapping[str, Any]) -> Said:
        """One of the calls about what is public."""
        match path:
            case "/cgi-bin/freepublish/submit":
                return self._submit(data)
            case "/cgi-bin/freepublish/get":
                return self._status(data)
            case "/cgi-bin/freepublish/batchget":
                return page(self._turn.things("article:"), "article:", "article_id", data)
            case "/cgi-bin/freepublish/getarticle":
                held = self._turn.thing(f"article:{data.get('article_id')}")
                return {"news_item": held["articles"]} if held else refused(53600)
            case "/cgi-bin/freepublish/delete":
                return self._delete(data)
            case "/cgi-bin/message/mass/sendall":
                return self._send(data)
            case "/cgi-bin/message/mass/get":
                held = self._turn.thing(f"mass:{data.get('msg_id')}")
                return {"msg_id": data.get("msg_id"), "msg_status": held["status"]} if held else refused(40059)
            case "/datacube/getarticletotaldetail":
                return self._counted(data)
            case _:
                return self._unsend(data)

    def _counted(self, data: Mapping[str, Any]) -> Said:
        """What came out on a day, with the sums of each day up to yesterday; ``rules.readers`` readers come each day."""
        begin, end = str(data.get("begin_date", "")), str(data.get("end_date", ""))
        today = date.fromisoformat(day(self._now))
        if begin != end or not begin or date.fromisoformat(end) >= today:
            return refused(61501)
        rows = []
        for name, held in self._turn.things("article:").items():
            out = datetime.fromtimestamp(held["time"], UTC)
            if day(out) != begin:
                continue
            first = date.fromisoformat(day(out))
            days = [first + timedelta(days=number) for number in range(min((today - first).days, 30))]
            details = [
                {"stat_date": each.isoformat(), "read_user": (number + 1) * self._rules.readers, "share_user": number}
                for number, each in enumerate(days)
            ]
            for index, article in enumerate(held["articles"], start=1):
                facts = {"title": article["title"], "content_url": article["url"], "detail_list": details}
                number = name.removeprefix("article:article-")
                rows.append({"ref_date": begin, "msgid": f"{number}_{index}", "publish_type": 1, **facts})
        return {"list": rows, "is_delay": False}

    def _submit(self, data: Mapping[str, Any]) -> Said:
        """A draft that is submitted twice is published twice: that is what a sender must never do."""
        media_id = data.get("media_id")
        draft = self._turn.thing(f"draft:{media_id}")
        if draft is None:
            return refused(40007)
        count = self._turn.count("publish:") + 1
        number = str(2247483647 + count)
        job = {
            "media_id": media_id,
            "articles": draft["articles"],
            "status": _PUBLISHING,
            "done_at": (self._now + self._rules.takes).isoformat(),
        }
        self._turn.put(f"publish:{number}", job)
        return {"errcode": 0, "errmsg": "ok", "publish_id": number, "msg_data_id": int(number) + 7}

    def _status(self, data: Mapping[str, Any]) -> Said:
        job = self._turn.thing(f"publish:{data.get('publish_id')}")
        if job is None:
            return refused(40002)
        said: dict[str, Any] = {"publish_id": data["publish_id"], "publish_status": job["status"], "fail_idx": []}
        if job["status"] == 0:
            articles = self._turn.thing(f"article:{job['article_id']}")["articles"]
            rows = [{"idx": index + 1, "article_url": one["url"]} for index, one in enumerate(articles)]
            said |= {"article_id": job["article_id"], "article_detail": {"count": len(rows), "item": rows}}
        elif job["status"] in {2, 4}:
            said["fail_idx"] = [1]
        return said

    def _delete(self, data: Mapping[str, Any]) -> Said:
        name = f"article:{data.get('article_id')}"
        held = self._turn.thing(name)
        if held is None:
            return refused(53600)
        index = data.get("index") or 0
        for number, article in enumerate(held["articles"], start=1):
            article["is_deleted"] = article["is_deleted"] or index in {0, number}
        self._turn.put(name, held)
        return {"errcode": 0, "errmsg": "ok"}

    def _send(self, data: Mapping[str, Any]) -> Said:
        key, media_id = str(data.get("clientmsgid", "")), (data.get("mpnews") or {}).get("media_id")
        if len(key.encode()) > _ID_MAX:
            return refused(45067)
        if data.get("msgtype") != "mpnews":
            return refused(40008)
        known = self._known(key)
        if known is not None:
            return known
        draft = self._turn.thing(f"draft:{media_id}")
        if draft is None:
            return refused(40007)
        if self._rules.is_protected:
            return refused(89504)
        sent = self._turn.things("mass:").values()
        today = [one for one in sent if day(datetime.fromisoformat(one["at"])) == day(self._now)]
        if len(today) >= self._rules.mass_a_day:
            return refused(45028)
        number = 1_000_001 + len(sent)
        job = {
            "media_id": media_id,
            "articles": draft["articles"],
            "key": key,
            "status": "SENDING",
            "at": self._now.isoformat(),
            "tried_at": self._now.isoformat(),
            "done_at": (self._now + self._rules.takes).isoformat(),
        }
        self._turn.put(f"mass:{number}", job)
        return {"errcode": 0, "errmsg": "send job submission success", "msg_id": number, "msg_data_id": number + 7}

    def _known(self, key: str) -> Said | None:
        """What a ``clientmsgid`` that was used within 24 hours gets; ``None`` for a new one."""
        for name, job in self._turn.things("mass:").items():
            if not key or job["key"] != key or self._now - datetime.fromisoformat(job["at"]) >= _KNOWN:
                continue
            is_soon = self._now - datetime.fromisoformat(job["tried_at"]) < _TOO_SOON
            self._turn.put(name, {**job, "tried_at": self._now.isoformat()})
            return refused(45066) if is_soon else refused(45065, msg_id=int(name.removeprefix("mass:")))
        return None

    def _unsend(self, data: Mapping[str, Any]) -> Said:
        name = f"mass:{data.get('msg_id')}"
        job = self._turn.thing(name)
        if job is None:
            return refused(40059)
        if job["status"] != "SEND_SUCCESS":
            return refused(40065)
        self._turn.put(name, {**job, "status": "DELETE"})
        return {"errcode": 0, "errmsg": "ok"}


def _letters(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:22]
