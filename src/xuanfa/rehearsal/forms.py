"""What is inside a posted form, with or without files; for platforms that take forms."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email.parser import Parser
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
    """Cut at the boundary (RFC 2046, 5.1.1); a mail parser, which reads line by line, takes many times as long for a picture."""
    whole = Parser().parsestr(f"Content-Type: {kind}\n\n", headersonly=True)
    boundary = whole.get_boundary("")
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in body.split(f"--{boundary}".encode())[1:-1] if boundary else ():
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = Parser().parsestr(head.decode("utf-8", "replace"), headersonly=True)
        name = headers.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            continue
        if headers.get_filename() is None:
            fields[name] = data.removesuffix(b"\r\n").decode("utf-8", "replace")
        else:
            files[name] = data.removesuffix(b"\r\n")
    return Form(fields, files)
