"""存证 at a delivery: look at its public page now, hand in a picture of it, and say that what differs is all right."""

from datetime import datetime
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from xuanfa.console.evidence import evidence_of
from xuanfa.console.guard import headers
from xuanfa.console.named import named, number_of
from xuanfa.console.once import once
from xuanfa.console.pages import errors
from xuanfa.console.pages.delivery import show
from xuanfa.console.pages.uploads import sent_file
from xuanfa.console.visit import ANY_ROLE, EDITORS, SENDERS, UPLOAD_MAX, Visit, get, post
from xuanfa.domain.act_public import AcceptPage, AddProof
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.proving.check import check, chosen
from xuanfa.operations.proving.look import Looked
from xuanfa.operations.proving.shown import made_anew


def look_now(visit: Visit) -> Response:
    """现在去看: the page is fetched and compared."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    return once(visit, "check_page", lambda: _looked(visit, it.row.id))


def _looked(visit: Visit, number: int) -> str:
    seen: list[Looked] = []
    check(visit.desk, chosen(visit.desk, [str(number)]), seen.append)
    told = "looked" if seen else "silent"
    return f"/deliveries/{number}?page={told}#proof"


def hand_in(visit: Visit) -> Response:
    """A picture that a person has taken of it."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    try:
        at = moment_of(visit)
        with made_anew(visit.desk, *_sent(visit)) as path:
            act = AddProof(delivery=it.row.id, file=path, at=at)
            return once(visit, AddProof.verb, lambda: _handed_in(visit, act))
    except (ContentError, StateError) as error:
        return show(visit, status=422, faults={"picture": str(error)})


def _sent(visit: Visit) -> tuple[str, bytes]:
    sent = sent_file(visit, "picture")
    if sent is None:
        raise ContentError(say("请选一张截图。", "Choose a picture."))
    return sent


def _handed_in(visit: Visit, act: AddProof) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return f"/deliveries/{act.delivery}?page=taken#proof"


def moment_of(visit: Visit) -> datetime | None:
    """The day and time of a form, by the clock of the workspace; ``None`` where neither is there. Raises StateError."""
    day, clock = visit.field("day"), visit.field("time")
    if not day and not clock:
        return None
    try:
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=visit.desk.zone)
    except ValueError as error:
        raise StateError(
            say("日期和时间要一起填，如 2026-12-07 和 09:00。", "Give both day and time, such as 2026-12-07 and 09:00.")
        ) from error


def accept(visit: Visit) -> Response:
    """What differs is all right: of exactly that which the page showed."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    found = evidence_of(visit, it.row.id)
    if found is not None and visit.field("was") != found.report.it.mark:
        words = say(
            "您打开这页之后，公开页又变了，没有认可。请先看看现在差在哪。",
            "The public page has changed again since you opened this page; nothing was accepted. See what differs now.",
        )
        return show(visit, status=409, faults={"accept": words})
    if not visit.field("why"):
        words = say("请写明为什么这样没有问题。", "Say why that is all right.")
        return show(visit, status=422, faults={"accept": words})
    return once(visit, AcceptPage.verb, lambda: _accepted(visit, it.row.id))


def _accepted(visit: Visit, number: int) -> str:
    carry_out(visit.desk, AcceptPage(delivery=number), visit.person(visit.field("why")))
    return f"/deliveries/{number}?page=accepted#proof"


def picture(visit: Visit) -> Response:
    """The picture of a proof."""
    it, number = named(visit), number_of(visit.names["proof"])
    found = None if it is None else evidence_of(visit, it.row.id)
    if found is None:
        return Response(status_code=404, headers=headers.UPLOAD)
    proof = next((each for each in found.report.proofs if each.id == number), None)
    path = None if proof is None else found.report.picture(proof)
    if proof is None or path is None or not path.is_file():
        return Response(status_code=404, headers=headers.UPLOAD)
    name = quote(f"proof-{found.report.it.id}-{proof.id}{path.suffix}")
    told = {**headers.UPLOAD, "Content-Disposition": f'inline; filename="{name}"'}
    return FileResponse(path, media_type=proof.screenshot_type or "image/png", headers=told)


WAYS = (
    post("/deliveries/{id}/look", look_now, SENDERS | EDITORS),
    post("/deliveries/{id}/proof", hand_in, ANY_ROLE, most=UPLOAD_MAX),
    post("/deliveries/{id}/accept", accept, SENDERS),
    get("/deliveries/{id}/proof/{proof}", picture),
)
