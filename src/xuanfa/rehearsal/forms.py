"""What is inside a posted form, with or without files; for platforms that take forms."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from urllib.parse import parse_qsl

import httpx


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, and files by name."""

    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def shown(self, hidden: Collection[str]) -> str:
        """The form for a journal: the values of ``hidden`` fields masked, files as their size in bytes."""
        fields = {name: "***" if name in hidden else value for name, value in self.fields.items()}
        files = {name: f"<{len(data)} bytes>" for name, data in self.files.items()}
        return json.dumps(fields | files, ensure_ascii=False)


def read_form(request: httpx.Request, body: bytes) -> Form:
    """The form of a request; empty where it is none."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return _multipart(kind, body)
    if kind.startswith("application/x-www-form-urlencoded"):
        return Form(dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True)))
    return Form()


def _multipart(kind: str, body: bytes) -> Form:
    message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(data, bytes):
            continue
        if part.get_filename() is None:
            fields[name] = data.decode("utf-8", "replace")
        else:
            files[name] = data
    return Form(fields, files)
