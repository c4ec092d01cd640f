"""审核表: the form that is printed and signed, to be fetched as it stands now; and the scan of it, which comes back."""

import tempfile
from pathlib import Path
from typing import Final

from starlette.responses import Response

from xuanfa.console.guard import headers
from xuanfa.console.once import once
from xuanfa.console.open_to import require_open
from xuanfa.console.render import page
from xuanfa.console.reviewing import sight_of
from xuanfa.console.visit import ANY_ROLE, UPLOAD_MAX, Visit, get, post
from xuanfa.domain.act import AttachScan
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.papers.form import write_form
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.reports.scans import scans_of

_KINDS: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
#: Endings of files that a scan may be.
_SCANS: Final = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"})


def show(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """What will stand on it, and what was handed in."""
    sight = sight_of(visit, visit.names["slug"])
    scans = scans_of(visit.desk.store, sight.slug)
    return page(
        visit,
        "review_form",
        status=status,
        sight=sight,
        scans=scans,
        fault=fault,
        done=visit.query("done"),
    )


def fetch(visit: Visit) -> Response:
    """The form itself."""
    slug, kind = visit.names["slug"], visit.names["kind"]
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    if kind not in _KINDS:
        raise StateError(say("审核表有 Word 和 PDF 两种。", "The form comes as Word or PDF."))
    with tempfile.TemporaryDirectory(prefix="xuanfa-form-") as folder:
        target = Path(folder) / f"form.{kind}"
        write_form(visit.desk, slug, target, visit.veil())
        data = target.read_bytes()
    disposition = {"Content-Disposition": f'attachment; filename="form.{kind}"'}
    return Response(data, media_type=_KINDS[kind], headers={**headers.UPLOAD, **disposition})


def hand_in(visit: Visit) -> Response:
    """The scan of the signed form: it is taken where its code is of this post as it is now."""
    slug = sight_of(visit, visit.names["slug"]).slug
    given = visit.files("scan")
    try:
        _require_file(visit)
        with tempfile.TemporaryDirectory(prefix="xuanfa-scan-") as folder:
            path = Path(folder) / f"scan{Path(given[0].filename or '').suffix.lower()}"
            path.write_bytes(given[0].file.read())
            return once(visit, "attach_scan", lambda: _attached(visit, AttachScan(post=slug, file=path)))
    except (ContentError, StateError) as error:
        return show(visit, str(error), 422)


def _require_file(visit: Visit) -> None:
    given = visit.files("scan")
    if not given or Path(given[0].filename or "").suffix.lower() not in _SCANS:
        raise StateError(say("请选扫描件：PDF、JPG、PNG 或 TIFF。", "Choose the scan: PDF, JPG, PNG or TIFF."))


def _attached(visit: Visit, act: AttachScan) -> str:
    carry_out(visit.desk, act, visit.person())
    return f"/reviews/{act.post}/form?done=1"


WAYS = (
    get("/reviews/{slug}/form", show, ANY_ROLE),
    get("/reviews/{slug}/form/{kind}", fetch, ANY_ROLE),
    post("/reviews/{slug}/form/scan", hand_in, ANY_ROLE, most=UPLOAD_MAX),
)
