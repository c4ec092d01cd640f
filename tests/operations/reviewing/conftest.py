"""A bench whose one column needs a review, and its people."""

from typing import Any

import pytest

from tests.support.reviewed_office import POLICY, staff


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a")
    bench.channel("b")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench
