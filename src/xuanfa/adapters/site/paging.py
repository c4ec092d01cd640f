"""Which page of a column shows which article.

Articles are numbered from one in order of publication, and pages are counted from the oldest, so that a full page never changes again:
page ``n`` holds the numbers ``(n-1)*size+1 … n*size``. The newest two pages together are the column's front; the others are its archive.
So an article moves once, with its whole page, from the front to the archive, and the front is never nearly empty.
"""

from collections.abc import Iterator

from xuanfa.adapters.site.records import Chore, Section, Work


def page_of(seq: int, size: int) -> int:
    """The page that holds a number."""
    return (seq + size - 1) // size


def archived(last_seq: int, size: int) -> int:
    """How many pages are in the archive."""
    return max(0, page_of(last_seq, size) - 2)


def numbers(page: int, size: int) -> tuple[int, int]:
    """The first and the last number of a page."""
    return (page - 1) * size + 1, page * size


def front(last_seq: int, size: int) -> tuple[int, int]:
    """The first and the last number on a column's front."""
    return archived(last_seq, size) * size + 1, last_seq


def touched_by(section: str, seq: int, last_seq: int, size: int) -> Iterator[Chore]:
    """The list pages of a column that change when the article ``seq`` is added, corrected or retracted."""
    pages = archived(last_seq, size)
    if page_of(seq, size) <= pages:
        yield Chore(Work.ARCHIVE, section, str(page_of(seq, size)))
        return
    yield Chore(Work.COLUMN, section)
    is_first_of_page = seq == last_seq and (seq - 1) % size == 0
    if is_first_of_page and pages:
        # A page has just entered the archive; the one before it has linked to the front as the next newer one until now.
        yield Chore(Work.ARCHIVE, section, str(pages))
        if pages > 1:
            yield Chore(Work.ARCHIVE, section, str(pages - 1))


def all_pages(section: Section, *sizes: int) -> Iterator[Chore]:
    """Every list page of a column, also those that only an earlier page size had (they are to be removed)."""
    yield Chore(Work.COLUMN, section.id)
    most = max(archived(section.last_seq, size) for size in sizes)
    yield from (Chore(Work.ARCHIVE, section.id, str(number)) for number in range(1, most + 1))
