"""An animation as Pillow's writers take it, of which one frame is in memory at a time."""

from collections.abc import Callable

from PIL.Image import Image
from PIL.ImageFile import ImageFile

from xuanfa.content.pictures.colours import clear


class Film(Image):
    """The frames of ``origin`` as they are seen one after the other, each made into what ``play`` says when its turn comes.

    Raises what Pillow's readers raise where a frame cannot be decoded.
    """

    def __init__(self, origin: ImageFile) -> None:
        super().__init__()
        self._origin = origin
        self._profile: bytes = origin.info.get("icc_profile") or b""
        # What a PNG shows where animation is unknown is no frame of it.
        self._first = 1 if origin.info.get("default_image") else 0
        self.n_frames = getattr(origin, "n_frames", 1) - self._first
        #: How often it is repeated; ``None`` where the file says nothing.
        self.loop: int | None = origin.info.get("loop")
        #: How long each frame stays. Milliseconds.
        self.durations = [self._duration(number) for number in range(self.n_frames)]
        self._make: Callable[[Image], Image] = lambda frame: frame
        self._at = -1

    def play(self, make: Callable[[Image], Image]) -> None:
        """From now on every frame passes through ``make``."""
        self._make, self._at = make, -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Pillow's own way to ask for a frame. Raises EOFError behind the last one."""
        if frame == self._at:
            return
        if frame >= self.n_frames:
            raise EOFError(frame)
        self._origin.seek(self._first + frame)
        made = self._make(clear(self._origin, self._profile).convert("RGBA"))
        self.im, self._mode, self._size, self._at = made.im, made.mode, made.size, frame

    def tell(self) -> int:
        """Which frame it is."""
        return max(self._at, 0)

    def _duration(self, number: int) -> float:
        self._origin.seek(self._first + number)
        self._origin.load()
        found: float = self._origin.info.get("duration", 100)
        return found
