"""What is uploaded before a post is created. Handles are remembered for the account, so that a restart uploads nothing twice.

The caption is remembered with the delivery: a later look gets the rendition with an address in it still open.
"""

import hashlib
import json
import tempfile
from datetime import timedelta
from pathlib import Path

from xuanfa.adapters.douyin.answers import Refusal
from xuanfa.adapters.douyin.slideshow import Slide, lacking, make_video
from xuanfa.adapters.douyin.uploading import Uploader
from xuanfa.adapters.protocol import Tools
from xuanfa.domain.attempt import Order
from xuanfa.domain.outcome import Blame, Rejected, Staged, Staging, Unknown, Unsent

#: How long an upload is relied on; how long it really lives is not documented.
UPLOAD_LIFE = timedelta(hours=12)


def stage_images(order: Order, tools: Tools, uploader: Uploader) -> Staging:
    """Upload every picture that is not there yet."""
    handles = []
    for picture in order.rendition.pictures:
        name = f"media:{picture.sha256}"
        handle = tools.recall(name)
        if handle is None:
            uploaded = uploader.image(picture, tools.picture(picture))
            if not isinstance(uploaded, str):
                return nothing_public(uploaded)
            handle = uploaded
            tools.keep(name, handle, UPLOAD_LIFE)
        handles.append(handle)
    return Staged(memory={"images": json.dumps(handles), "text": order.rendition.body})


def stage_video(order: Order, tools: Tools, uploader: Uploader, seconds: float) -> Staging:
    """Make the slideshow from what was approved, and upload it."""
    slides = _slides(order, tools)
    shown = [[picture.sha256, slide.caption] for picture, slide in zip(order.rendition.pictures, slides, strict=True)]
    name = "media:" + hashlib.sha256(json.dumps([shown, seconds]).encode()).hexdigest()
    handle = tools.recall(name)
    if handle is None:
        if missing := lacking():
            return Rejected(findings=(missing,), blame=Blame.CHANNEL)
        with tempfile.TemporaryDirectory(prefix="xuanfa-") as folder:
            file = Path(folder) / "video.mp4"
            if trouble := make_video(slides, seconds, file):
                return Unsent(evidence=trouble)
            uploaded = uploader.video(file)
        if not isinstance(uploaded, str):
            return nothing_public(uploaded)
        handle = uploaded
        tools.keep(name, handle, UPLOAD_LIFE)
    return Staged(memory={"video": handle, "text": order.rendition.body})


def _slides(order: Order, tools: Tools) -> list[Slide]:
    """Cards as they are, pictures with their captions."""
    cards = int(order.rendition.extra["cards"])
    return [
        Slide(tools.picture(picture), "" if number < cards else picture.caption or picture.alt)
        for number, picture in enumerate(order.rendition.pictures)
    ]


def nothing_public(refused: Refusal) -> Staging:
    """A refusal as staging says it: doubt about an upload harms nobody."""
    return Unsent(evidence=refused.evidence) if isinstance(refused, Unknown) else refused
