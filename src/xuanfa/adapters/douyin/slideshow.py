"""Cards and pictures as a video, made by ffmpeg where it is installed: 1080 × 1920, silent sound, captions burnt in."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say

#: 15 minutes are the platform's most (platforms.md, Douyin uploads). Seconds.
LONGEST = 900
_WIDTH, _HEIGHT, _RATE = 1080, 1920, 25
#: Making one takes about as long as it plays on a slow machine; several times that is a hanging program. Seconds.
_WITHIN, _WITHIN_PER_SECOND = 60.0, 4.0
#: Bold Chinese, as fontconfig finds it; another font is taken where it is missing.
_FONT = "Noto Sans CJK SC"


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture and what is written below it; nothing on a card, which is text itself."""

    file: Path
    caption: str = ""


def lacking() -> Finding | None:
    """Whether ffmpeg is missing."""
    if shutil.which("ffmpeg"):
        return None
    message = say(
        '没有安装 ffmpeg，不能把图文做成视频。请安装（Debian/Ubuntu：apt install ffmpeg），或把本渠道改为 mode = "image_text"。',
        'ffmpeg is not installed, so no video can be made. Install it (Debian/Ubuntu: apt install ffmpeg), or use mode = "image_text".',
    )
    return Finding(code="douyin.no_ffmpeg", message=message)


def make_video(slides: Sequence[Slide], seconds: float, target: Path) -> str:
    """Write the video to ``target``. What went wrong, in words; empty where nothing did. The folder of ``target`` is used for scraps."""
    program = shutil.which("ffmpeg")
    if program is None:
        return lacking_in_words()
    command = [program, "-nostdin", "-loglevel", "error", "-xerror", "-y"]
    for slide in slides:
        command += ["-loop", "1", "-framerate", str(_RATE), "-t", str(seconds), "-i", str(slide.file)]
    # The sound has an end of its own: without one a picture that cannot be read keeps ffmpeg going for ever (tried with 5.1).
    length = seconds * len(slides)
    command += ["-f", "lavfi", "-t", str(length), "-i", "anullsrc=r=44100:cl=stereo"]
    chains = [_chain(number, slide, target.parent) for number, slide in enumerate(slides)]
    joined = "".join(f"[v{number}]" for number in range(len(slides)))
    graph = ";".join([*chains, f"{joined}concat=n={len(slides)}:v=1:a=0[v]"])
    command += ["-filter_complex", graph, "-map", "[v]", "-map", f"{len(slides)}:a"]
    command += [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-movflags",
        "+faststart",
        str(target),
    ]
    try:
        # No shell, the program's own path, and file names of ours only.
        done = subprocess.run(command, capture_output=True, timeout=_WITHIN + _WITHIN_PER_SECOND * length, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        return say("ffmpeg 没有完成（{kind}）", "ffmpeg did not finish ({kind})", kind=type(error).__name__)
    if done.returncode == 0:
        return ""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return say("ffmpeg 出错：{said}", "ffmpeg failed: {said}", said=lines[-1][:200] if lines else done.returncode)


def lacking_in_words() -> str:
    """That ffmpeg is missing; empty where it is not."""
    finding = lacking()
    return finding.message if finding else ""


def _chain(number: int, slide: Slide, scraps: Path) -> str:
    """Fit a picture into the frame, on dark ground, with its caption in the lower part."""
    steps = [
        f"scale={_WIDTH}:{_HEIGHT}:force_original_aspect_ratio=decrease",
        f"pad={_WIDTH}:{_HEIGHT}:(ow-iw)/2:(oh-ih)/2:color=0x1a2230",
        "setsar=1",
        f"fps={_RATE}",
        "format=yuv420p",
    ]
    if slide.caption:
        # From a file: what an author writes must not be read as a filter.
        text = scraps / f"caption{number}.txt"
        text.write_text(_wrapped(slide.caption), encoding="utf-8")
        steps.append(
            f"drawtext=textfile={text}:expansion=none:font={_FONT}:fontsize=44:fontcolor=white:line_spacing=14"
            ":box=1:boxcolor=black@0.55:boxborderw=24:x=(w-text_w)/2:y=h-text_h-220"
        )
    return f"[{number}:v]{','.join(steps)}[v{number}]"


def _wrapped(text: str, most: int = 20) -> str:
    """In lines of at most 20 characters: that many of this size fit across."""
    words = " ".join(text.split())
    return "\n".join(words[at : at + most] for at in range(0, len(words), most))
