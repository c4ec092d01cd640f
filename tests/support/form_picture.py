"""The picture of the review form that the documents show: ``python -m tests.support.form_picture`` makes it anew (LibreOffice prints it)."""

from dataclasses import replace
from pathlib import Path

import pypdfium2

from tests.support.review_forms import FORM, ZONE
from xuanfa.documents import pdf
from xuanfa.documents.faces import faces_here
from xuanfa.documents.review_form import review_form
from xuanfa.domain.review_form import Answers, ReviewForm

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "review-form.png"
#: As wide as a page of the documents shows it. Dots to the inch.
_DOTS = 100


def shown() -> ReviewForm:
    """The form of the picture: what its author answers is ticked."""
    answers = Answers(case=True, secret=False, personal=False, minors=False, ai="none")
    return replace(FORM, phone="0935-8232000", answers=answers)


def main() -> None:
    """Print it, and see it as a screen does."""
    document = pypdfium2.PdfDocument(pdf.as_pdf(review_form(shown(), ZONE, faces_here())))
    try:
        picture = document[0].render(scale=_DOTS / 72, grayscale=True).to_pil()
        picture.save(PICTURE, optimize=True)
    finally:
        document.close()


if __name__ == "__main__":
    main()
