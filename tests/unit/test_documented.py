"""What can be typed, set or shown is documented: a new command, option, key, kind or state fails here until it is."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.adapters.registry import SHIPPED, adapter_class, kinds
from xuanfa.cli import COMMANDS, cli
from xuanfa.domain.delivery import MOVES, WAITS_FOR_PERSON, State

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
COMMON = {"--workspace", "-w", "--json", "--as", "--help", "-h", "--version"}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the words to type, inner ones too."""
    context = click.Context(cli)
    for name in COMMANDS:
        found = cli.get_command(context, name)  # type: ignore[attr-defined]
        assert found is not None
        yield name, found
        if isinstance(found, click.Group):
            yield from ((f"{name} {inner}", command) for inner, command in found.commands.items())


FOUND = dict(commands())


def sections() -> dict[str, str]:
    """The text of docs/commands.md under each command's own heading."""
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    heads = list(re.finditer(r"^#{3,4} `xuanfa ([\w ]+)`$", text, re.MULTILINE))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return {head[1]: text[head.end() : end] for head, end in zip(heads, ends, strict=True)}


SECTIONS = sections()


def test_every_command_has_its_section_in_the_order_of_the_help() -> None:
    assert list(SECTIONS) == list(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_every_option_of_a_command_is_documented_and_no_other(name: str) -> None:
    options = {text for p in FOUND[name].params if isinstance(p, click.Option) for text in p.opts} - COMMON
    first_cells = re.findall(r"^\| (`.+?`) +\|", SECTIONS[name], re.MULTILINE)
    documented = {text for cell in first_cells for text in re.findall(r"`(-{1,2}[a-z-]+)", cell)}
    assert documented == options


@pytest.mark.parametrize("name", FOUND)
def test_a_command_with_json_documents_what_it_prints(name: str) -> None:
    has_json = any("--json" in parameter.opts for parameter in FOUND[name].params)
    assert ("\nJSON: " in SECTIONS[name]) is has_json


def test_the_common_options_are_documented() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    common = text.partition("## Common options")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(-{1,2}[a-z-]+)", common)) >= COMMON


def test_every_exit_code_and_variable_is_documented() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "xuanfa").rglob("*.py"))
    for name in set(re.findall(r"environ(?:\.get\(|\[)\"(XUANFA_[A-Z]+)\"", source)) | {"XUANFA_WORKSPACE"}:
        assert f"`{name}`" in text
    for code in (0, 1, 2, 130):
        assert f"\n| {code} | " in text


def test_every_kind_has_its_page_and_every_page_its_kind() -> None:
    shipped = {kind for kind in kinds() if kind in SHIPPED}
    assert {path.stem for path in (DOCS / "adapters").glob("*.md")} - {"README"} == shipped


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_setting_of_a_kind_is_on_its_page(kind: str) -> None:
    page = (DOCS / "adapters" / f"{kind}.md").read_text(encoding="utf-8")
    config: type[BaseModel] = adapter_class(kind).Config
    for key in config.model_fields.keys() - AdapterConfig.model_fields.keys():
        assert re.search(rf"`{key}\b", page), key


def test_every_key_that_all_channels_have_is_documented() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    for key in AdapterConfig.model_fields:
        assert f"channels.ID.{key}" in page


STATES = (DOCS / "states.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_explained_with_its_name_on_the_screen(state: State) -> None:
    (row,) = re.findall(rf"^\| `{state.value}` \|(.*)\|$", STATES, re.MULTILINE)
    cells = [cell.strip() for cell in row.split("|")]
    assert cells[0].removesuffix(" ⚠") == state.label
    assert ("⚠" in cells[0]) is (state in WAITS_FOR_PERSON)
    assert len(cells) == 5
    assert all(cells)


def test_the_diagram_of_moves_is_the_table_of_moves() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+)", STATES, re.MULTILINE)
    moves = {(before.value, after.value) for before, allowed in MOVES.items() for after in allowed}
    assert set(drawn) == moves
    assert len(drawn) == len(set(drawn))


def test_the_drawing_in_the_readme_is_the_table_of_moves() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    drawn = {before: after.split(" | ") for before, after in re.findall(r"^(\w+) +-> (.+)$", readme, re.MULTILINE)}
    assert drawn == {
        state.value: [after.value for after in State if after in MOVES[state]] for state in State if MOVES[state]
    }


def test_facts_of_platforms_are_cited_from_a_page_of_ours() -> None:
    page = (DOCS / "platforms.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^## (.+)$", page, re.MULTILINE))
    source = DOCS.parent / "src" / "xuanfa"
    cited = re.findall(
        r"platforms\.md, ([A-Z][a-zA-Z ]+?)(?: and ([A-Z][a-zA-Z ]+?))?(?=[).,;:\n]|$)",
        "\n".join(file.read_text(encoding="utf-8") for file in sorted(source.rglob("*.py"))),
        re.MULTILINE,
    )
    named = {name for both in cited for name in both if name}
    assert named <= told
    assert told - named == set()


def test_the_glossary_has_the_words_of_the_screens() -> None:
    rows = re.findall(r"^\| ([\w -]+) \| (\S+) \|", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = dict(rows)
    for term, shown in {
        "post": "稿件",
        "delivery": "投递",
        "receipt": "回执",
        "ledger": "台账",
        "rendition": "成稿",
    }.items():
        assert words[term] == shown


def test_the_readme_begins_with_the_two_commands_of_a_new_machine() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make publish" in text
    assert "make test" in text


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:") and re.search(r"\.(md|toml|py|example)$", target):
            assert (path.parent / target).exists(), target


def test_every_kind_that_is_shipped_stands_in_the_list_of_adapters() -> None:
    page = (DOCS / "adapters" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|.*\| (.+) \| \[\w+\.md\]\((\w+)\.md\) \|$", page, re.MULTILINE)
    practised = {True: "a platform", False: "a folder of its own"}
    assert sorted(listed) == sorted((kind, practised[bool(its.practice)], kind) for kind, its in SHIPPED.items())
    assert all((DOCS / "adapters" / f"{file}.md").is_file() for *_, file in listed)


PAGES = sorted([DOCS.parent / "README.md", *DOCS.rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_documents_exists_with_its_options(page: Path) -> None:
    """What stands after ``xuanfa`` where something is to be typed: a command there is, and options that it takes."""
    text = page.read_text(encoding="utf-8")
    typed = [
        line.partition("#")[0]
        for line in re.findall(r"(?:^\$ |`)(?:sudo -u \w+ )?(?:/\S+/)?xuanfa ([^`\n]+)", text, re.MULTILINE)
    ]
    for line in typed:
        words = line.split("：")[0].split()
        if not words or not re.fullmatch("[a-z]+", words[0]):
            continue  # an option of the program itself, or a word in a sentence
        name = " ".join(words[:2]) if " ".join(words[:2]) in FOUND else words[0]
        assert name in FOUND, line
        known = {
            opt for parameter in FOUND[name].params for opt in (*parameter.opts, *parameter.secondary_opts)
        } | COMMON
        assert {word.partition("=")[0] for word in words if re.match("--[a-z]", word)} <= known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_the_documents_lead_to_is_there(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


def test_the_folder_that_makes_practice_is_shown_to_nobody() -> None:
    """``var/rehearsal`` holds databases; what people look at is a page."""
    assert "var/rehearsal" not in (DOCS.parent / "Makefile").read_text(encoding="utf-8")
