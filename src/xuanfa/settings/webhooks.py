"""``[webhooks.ID]``: another program that is told of each transition (docs/webhooks.md). Its secret stands in ``.env``."""

import re
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from xuanfa.domain.webhook import Endpoint, key_of, unknown_events

#: What an address may not hold: it is one line, and its host is written in plain letters.
_ADDRESS: Final = re.compile(r"https?://[^\s/?#@\x00-\x20\x7f]+([/?][^\s#\x00-\x20\x7f]*)?")


def _address(url: str) -> str:
    parts = urlsplit(url) if _ADDRESS.fullmatch(url) else None
    try:
        is_right = parts is not None and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number
        is_right = False
    if not is_right:
        raise PydanticCustomError("webhook_url", "not an address")
    return url


def _events(patterns: tuple[str, ...]) -> tuple[str, ...]:
    unknown = unknown_events(patterns)
    if unknown:
        raise PydanticCustomError("webhook_event", "{event}", {"event": unknown[0]})
    return patterns


def _secret(secret: SecretStr | None) -> SecretStr | None:
    if secret is not None and key_of(secret.get_secret_value()) is None:
        raise PydanticCustomError("webhook_secret", "not a secret")
    return secret


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Secret = Annotated[SecretStr | None, AfterValidator(_secret)]


class WebhookTable(BaseModel):
    """A receiver."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[str, Field(repr=False, max_length=2_000), AfterValidator(_address)]
    events: Annotated[
        tuple[str, ...], Field(min_length=1, max_length=100), BeforeValidator(_one_or_many), AfterValidator(_events)
    ] = ("*",)
    secret: Secret = None
    #: The one of before, for as long as the receiver takes to know the new one.
    old_secret: Secret = None
    allow_private: bool = False

    @model_validator(mode="after")
    def _is_encrypted(self) -> "WebhookTable":
        """What leaves the office's own network is encrypted: it holds titles of what is not out yet."""
        if not self.allow_private and self.url.startswith("http://"):
            raise PydanticCustomError("webhook_plain", "not encrypted")
        return self

    def endpoint(self, id_: str) -> Endpoint:
        """As the domain knows it."""
        secrets = (each.get_secret_value() for each in (self.secret, self.old_secret) if each is not None)
        return Endpoint(
            id=id_, url=self.url, events=self.events, secrets=tuple(secrets), allow_private=self.allow_private
        )
