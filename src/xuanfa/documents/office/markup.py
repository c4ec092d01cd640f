"""XML from outside: no document type, no entities, bounded in depth and number, and built piece by piece."""

from collections.abc import Iterator
from typing import IO, Any, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

#: So much of a part is given to the parser at a time. Bytes.
_CHUNK: Final = 65_536
#: How deep elements may lie; Word's own documents stay below 60.
DEPTH_MAX: Final = 300
#: How many elements one piece may have: they are in memory together.
ELEMENTS_MAX: Final = 150_000
#: References to other parts of the package; all other names are unique without their namespace.
_RELATIONS: Final = ("officeDocument/2006/relationships", "officeDocument/relationships")


class MarkupError(Exception):
    """XML that is none, or that nobody's office program writes."""


def pieces(stream: IO[bytes], most: int, depth: int) -> Iterator[Element]:
    """The elements that lie ``depth`` deep (0 is the root), each whole, one after another; names are without their namespaces, and a
    reference to another part begins with ``r:``. Raises MarkupError, also for more than ``most`` bytes."""
    build = _Build(depth)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = build.start
    parser.EndElementHandler = build.end
    parser.CharacterDataHandler = build.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    read = 0
    try:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read > most:
                raise MarkupError
            parser.Parse(chunk, False)
            yield from build.taken()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, AssertionError) as error:
        raise MarkupError from error
    yield from build.taken()


def whole(stream: IO[bytes], most: int) -> Element:
    """The root of a part that is small enough to be in memory at once. Raises MarkupError."""
    for root in pieces(stream, most, 0):
        return root
    raise MarkupError


class _Build:
    """Builds those elements that lie ``depth`` deep and lets go of each as soon as it is taken."""

    def __init__(self, depth: int) -> None:
        self._wanted = depth
        self._depth = 0
        self._count = 0
        self._builder: TreeBuilder | None = None
        self._done: list[Element] = []

    def taken(self) -> list[Element]:
        """Those that are whole by now, each once."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._depth == self._wanted:
            self._builder, self._count = TreeBuilder(), 0
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise MarkupError
        if self._builder is not None:
            self._count += 1
            if self._count > ELEMENTS_MAX:
                raise MarkupError
            self._builder.start(_local(name), {_attribute(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """An element ends."""
        self._depth -= 1
        if self._builder is None:
            return
        self._builder.end(_local(name))
        if self._depth == self._wanted:
            self._done.append(self._builder.close())
            self._builder = None

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._builder is not None:
            self._builder.data(text)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _attribute(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"r:{local}" if space.endswith(_RELATIONS) else local


def _refuse(*_: Any) -> None:
    raise MarkupError
