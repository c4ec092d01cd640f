"""``xuanfa mcp``: what an assistant is offered, in whose name, and that nothing it writes lies anywhere before a person saves it."""

import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.server import MCPServer

from tests.console.test_api import token_of
from xuanfa.domain.errors import StateError
from xuanfa.mcp.server import server
from xuanfa.operations.desk import Desk

Asked = Callable[[Client], Awaitable[None]]


def ask(at: MCPServer | StdioServerParameters, asked: Asked) -> None:
    async def talk() -> None:
        async with Client(at) as client:
            await asked(client)

    anyio.run(talk)


async def call(client: Client, tool: str, **values: Any) -> dict[str, Any]:
    told = await client.call_tool(tool, values)
    assert not told.is_error, told.content
    assert told.structured_content is not None
    return told.structured_content


def test_it_reads_drafts_previews_and_checks_and_nothing_goes_out(desk: Desk) -> None:
    async def asked(client: Client) -> None:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert tools == {
            "list_columns", "list_posts", "read_post", "preview_post", "check_text", "create_draft", "change_draft",
        }  # fmt: skip
        made = await call(client, "create_draft", title="便民", column="action", text="正文。")
        slug = made["slug"]
        assert made["is_draft"]
        await call(client, "change_draft", slug=slug, text="正文，改过。")
        assert (await call(client, "read_post", slug=slug))["text"].strip() == "正文，改过。"
        preview = await call(client, "preview_post", slug=slug)
        assert [each["channel"] for each in preview["channels"]] == ["hook"]
        assert "改过" in preview["channels"][0]["body"]
        assert (await call(client, "list_posts"))["drafts"] == [{"slug": slug, "title": "便民"}]
        found = await call(client, "check_text", text="电话 13812345678 ，谢谢")
        assert found["findings"]

    ask(server(desk, token_of(desk, "zhou"), "here"), asked)
    assert not list(desk.posts_folder.rglob("*.md"))


def test_its_token_bounds_it_and_is_asked_each_time(desk: Desk) -> None:
    async def asked(client: Client) -> None:
        told = await client.call_tool("create_draft", {"title": "a", "column": "action", "text": "b"})
        assert told.is_error
        assert "这件事要 write" in str(told.content)
        told = await client.call_tool("read_post", {"slug": "nothing"})
        assert told.is_error
        assert "没有名为" in str(told.content)

    ask(server(desk, token_of(desk, "zhou", "read"), "here"), asked)
    with pytest.raises(StateError, match="令牌不对"):
        server(desk, "xf_none", "here")


def test_the_command_speaks_over_standard_output(desk: Desk) -> None:
    at_once = replace(desk, clock=lambda: datetime.now(UTC))  # as the command's own clock has it
    around = dict(os.environ) | {"XUANFA_TOKEN": token_of(at_once, "zhou")}
    command = str(Path(sys.executable).with_name("xuanfa"))

    async def asked(client: Client) -> None:
        assert (await call(client, "list_columns"))["columns"][0]["id"] == "action"

    ask(StdioServerParameters(command=command, args=["mcp", "-w", str(desk.folder)], env=around), asked)
