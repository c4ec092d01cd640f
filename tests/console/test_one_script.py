"""A page asks for one script: modules put one behind the other as they import each other, and within the budget of a page."""

import re

import pytest

from xuanfa.console.bundling import EVERYWHERE, bundled
from xuanfa.console.render import FOLDER
from xuanfa.console.statics import Statics

FILES = {
    "js/a.js": 'import { two } from "./b.js";\nconst own = 1;\nconsole.log(own + two());',
    "js/b.js": 'import { three } from "./c.js";\nconst own = 2;\nexport function two() { return own + three; }\nexport const unused = 9;',
    "js/c.js": "const own = 3;\nexport const three = own;",
}


def test_each_module_stands_once_behind_what_it_imports() -> None:
    text = bundled(FILES, ["js/c.js", "js/a.js"])
    assert [text.index(f"const ${name} = ") for name in "cba"] == sorted(
        text.index(f"const ${name} = ") for name in "cba"
    )
    assert text.count("const $c = ") == 1
    assert "const { two } = $b;" in text
    assert "return { two };" in text
    assert not re.search(r"^\s*(import|export)\b", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"js/a.js": 'import { b } from "./b.js";', "js/b.js": 'import { a } from "./a.js";'}, "imports itself"),
        ({"js/a.js": 'import * as b from "./b.js";'}, "is not bundled"),
        ({"js/a.js": "export default 1;"}, "is not bundled"),
        ({"js/a.js": "export { b };"}, "is not bundled"),
    ],
)
def test_what_is_written_otherwise_is_refused(files: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        bundled(files, ["js/a.js"])


def test_every_page_loads_one_script_and_no_more_than_its_budget() -> None:
    statics = Statics()
    names = set(EVERYWHERE)
    for path in sorted(FOLDER.rglob("*.html")):
        found = re.findall(r"static\('(js/[\w/]+\.js)'\)", path.read_text(encoding="utf-8"))
        assert len(found) <= 1, path
        names |= set(found)
    for name in names:
        assert len(statics._files[name].packed) < 20_000, name
        assert statics.href(name)
