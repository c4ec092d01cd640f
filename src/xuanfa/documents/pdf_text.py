"""The text of a PDF, read by a process of its own with little memory: ``python -m xuanfa.documents.pdf_text MOST`` with the file as its input."""

import resource
import sys
from typing import Final

#: Of this process. Bytes and seconds.
_MEMORY, _SECONDS = 600_000_000, 50
PAGES_MAX: Final = 500


def main(data: bytes, most: int) -> str:
    """At most so many characters of its first pages."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    import pypdfium2  # noqa: PLC0415 - within the limits

    kept: list[str] = []
    document = pypdfium2.PdfDocument(data)
    for number in range(min(len(document), PAGES_MAX)):
        page = document[number]
        kept.append(page.get_textpage().get_text_bounded().replace("\r\n", "\n"))
        if sum(map(len, kept)) > most:
            break
    return "\n".join(kept)[:most]


if __name__ == "__main__":
    sys.stdout.buffer.write(main(sys.stdin.buffer.read(), int(sys.argv[1])).encode("utf-8", "replace"))
