"""Kinds by name: what is shipped, what packages add, and what is said when something is wrong."""

import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

from xuanfa.adapters import registry
from xuanfa.adapters.protocol import AdapterConfig, Traits
from xuanfa.bootstrap.configs import adapter_config
from xuanfa.domain.errors import ConfigError
from xuanfa.rehearsal import Platform


class Complete:
    """All that the protocol asks for."""

    kind = "fax"
    Config = AdapterConfig
    traits = Traits(label=("传真", "fax"))
    budget = "fax"
    render = check = publish = confirm = diagnose = lambda self, *args: None


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Entry points of other packages."""

    def add(entries: Sequence[EntryPoint]) -> None:
        monkeypatch.setattr(registry, "entry_points", lambda: EntryPoints(entries))
        registry._table.cache_clear()
        registry.adapter_class.cache_clear()

    yield add
    registry._table.cache_clear()
    registry.adapter_class.cache_clear()


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=registry.GROUP)


@pytest.mark.parametrize("kind", registry.SHIPPED)
def test_every_shipped_kind_can_be_loaded(kind: str) -> None:
    assert registry.adapter_class(kind).kind == kind


@pytest.mark.parametrize("kind", registry.SHIPPED)
def test_every_shipped_kind_has_a_platform_to_practise_on_or_writes_files(kind: str) -> None:
    platform = registry.practice_class(kind)
    writes_files = "directory" in registry.adapter_class(kind).Config.model_fields
    assert issubclass(platform, Platform) if platform is not None else writes_files


def test_the_list_of_kinds_imports_none_of_them(tmp_path: Path) -> None:
    import subprocess  # noqa: PLC0415 - only here

    code = "import sys; from xuanfa.adapters.registry import kinds; kinds(); print([m for m in sys.modules if 'wecom' in m or '.site' in m])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_package_adds_a_kind(added: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(sys)("fax_for_xuanfa")
    module.Fax = Complete  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fax_for_xuanfa", module)
    added([entry("fax", "fax_for_xuanfa:Fax")])
    assert registry.kinds() == (*registry.SHIPPED, "fax")
    assert registry.adapter_class("fax") is Complete


def test_an_unknown_kind_names_the_nearest_and_all(added: Any) -> None:
    added([])
    with pytest.raises(ConfigError, match=r"wecon.*wecom.*site、.*wecom、.*webhook"):
        registry.adapter_class("wecon")
    with pytest.raises(ConfigError, match="pigeon”。"):
        registry.adapter_class("pigeon")


def test_two_classes_for_one_name_stop_the_start(added: Any) -> None:
    added([entry("wecom", "other:Robot")])
    with pytest.raises(ConfigError, match=r"wecom.*WecomAdapter.*other:Robot"):
        registry.kinds()


def test_the_same_class_named_twice_is_no_clash(added: Any) -> None:
    added([entry("wecom", registry.SHIPPED["wecom"].adapter)])
    assert registry.kinds() == tuple(registry.SHIPPED)


@pytest.mark.parametrize("target", ["no_such_module_here:Fax", "json:Fax"])
def test_a_class_that_cannot_be_loaded_is_named(added: Any, target: str) -> None:
    added([entry("fax", target)])
    with pytest.raises(ConfigError, match=f"fax.*{target}"):
        registry.adapter_class("fax")


@pytest.mark.parametrize(
    "member", ["render", "check", "publish", "confirm", "diagnose", "budget", "traits", "Config", "kind"]
)
def test_a_class_that_lacks_a_member_is_refused_by_its_name(member: str) -> None:
    broken = type(
        "Broken", (), {name: value for name, value in vars(Complete).items() if name != member and name[:2] != "__"}
    )
    with pytest.raises(ConfigError, match=member):
        registry.checked("fax", "fax:Broken", broken)


def test_what_is_no_class_or_names_another_kind_is_refused() -> None:
    with pytest.raises(ConfigError, match="class"):
        registry.checked("fax", "fax:fax", Complete())
    with pytest.raises(ConfigError, match='kind = "telex"'):
        registry.checked("telex", "fax:Fax", Complete)


@pytest.mark.parametrize(("kind", "words"), [("website", "“website”，是不是“site”"), ("xyzzy", "“xyzzy”。可用的有")])
def test_a_kind_that_there_is_none_of_is_named_in_sentences_that_end_once(kind: str, words: str) -> None:
    with pytest.raises(ConfigError) as told:
        registry.adapter_class(kind)
    assert words in str(told.value)
    assert "？。" not in str(told.value)


def test_a_kind_that_there_is_not_names_channel_and_line() -> None:
    with pytest.raises(ConfigError) as caught:
        adapter_config("group", {"adapter": "wecon"}, place=lambda key: f"xuanfa.toml:12 ({'.'.join(key)})")
    words = str(caught.value)
    assert words.startswith("xuanfa.toml:12 (channels.group.adapter)：[channels.group] adapter：")
    assert "wecom" in words
