"""A webhook's settings: what cannot work is refused with the remedy, and without repeating what may be a secret."""

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from xuanfa.adapters.webhook.config import WebhookConfig

URL = "https://cms.example.gov.cn/api/articles"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"url": ""}, "rehearsal"),
        ({"url": "cms.example/hook-hunter2"}, "https://"),
        ({"url": "ftp://cms/hunter2"}, "https://"),
        ({"url": "https://cms:hunter2/"}, "https://"),
        ({"secret": "hunter2"}, "whsec_"),
        ({"secret": "whsec_aHVudGVyMg=="}, "whsec_"),
        ({"secret": [SECRET, "whsec_hunter2!"]}, "whsec_"),
        ({"template": "../x.json"}, "templates/webhook"),
        ({"template": "x.html"}, "templates/webhook"),
        ({"headers": {"Host": "hunter2"}}, "Host"),
        ({"headers": {"Content-Length": "1"}}, "Content-Length"),
        ({"headers": {"webhook-id": "hunter2"}}, "webhook-id"),
        ({"headers": {"A b": "hunter2"}}, "A b"),
        ({"headers": {"X": "hunter2\r\nY: 1"}}, "X"),
        ({"success": "a = b"}, "data.id"),
        ({"success": "== 0"}, "data.id"),
        ({"remote_id": "data..id"}, "data.id"),
        ({"pictures": "assets"}, "https://"),
        ({"replay_hours": -1}, "replay_hours"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_without_its_value(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        WebhookConfig.model_validate({"adapter": "webhook", "url": URL, **settings})
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_the_command_in_the_message_about_secrets_makes_one() -> None:
    code = "import base64, os; print('whsec_' + base64.b64encode(os.urandom(32)).decode())"
    made = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    with pytest.raises(ValidationError) as caught:
        WebhookConfig.model_validate({"adapter": "webhook", "url": URL, "secret": "x"})
    assert code in str(caught.value)
    assert WebhookConfig.model_validate({"adapter": "webhook", "url": URL, "secret": made}).secret
