"""The interface keeps to its own document, whatever is sent: by schemathesis, which draws requests from it."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.console.test_api import token_of
from xuanfa.operations.desk import Desk


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_answers_as_its_document_says(address: str, desk: Desk) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    headers = {"Authorization": f"Bearer {token_of(desk, 'zhou')}"}
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=8,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def answers(case: schemathesis.Case) -> None:
            case.headers = {
                name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"
            }
            answer = case.call(headers=headers)
            assert answer.status_code < 500, (case.method, case.path, case.body, answer.text)
            case.validate_response(answer, checks=[_conforms])

        answers()


def _conforms(context: object, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """What is answered is documented and of the shape that the document says."""
    case.operation.validate_response(response)
