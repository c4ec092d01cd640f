"""What a Chromium 86 does not have: the version that brought it, and how it is written. Versions: MDN's browser-compat-data (``css``, ``javascript``,
``api``, ``html``), which <https://caniuse.com> shows too, and <https://chromestatus.com/features>.
"""

import re
from dataclasses import dataclass
from typing import Final

OLDEST: Final = 86


@dataclass(frozen=True, slots=True)
class Feature:
    """``since``: the first Chromium that has it. ``example`` is a use of it, so that the pattern is seen to find one."""

    name: str
    since: int
    pattern: str
    example: str

    def found(self, text: str) -> bool:
        return re.search(self.pattern, text) is not None


#: A property at the beginning of a declaration.
_P: Final = r"(?:^|[{{;\s])(?:{})\s*:(?!:)"

CSS: Final = (
    Feature("inset, and logical shorthands", 87, _P.format(r"inset(?:-(?:inline|block))?|(?:margin|padding)-(?:inline|block)"), "a { inset: 0 }"),
    Feature("text-underline-offset", 87, _P.format("text-underline-offset"), "a { text-underline-offset: 2px }"),
    Feature(":is and :where", 88, r":(?:is|where)\(", "p:is(.a, .b) {}"),
    Feature(":not with a list", 88, r":not\([^()]*(?:\([^()]*\)[^()]*)*,", "p:not(.a, .b) {}"),
    Feature("aspect-ratio", 88, _P.format("aspect-ratio"), "a { aspect-ratio: 16 / 9 }"),
    Feature("text-decoration-thickness", 89, _P.format("text-decoration-thickness"), "a { text-decoration-thickness: 1px }"),
    Feature("overflow: clip", 90, r"overflow(?:-[xy])?\s*:\s*clip", "a { overflow: clip }"),
    Feature("accent-color", 93, _P.format("accent-color"), "a { accent-color: red }"),
    Feature("scrollbar-gutter", 94, _P.format("scrollbar-gutter"), "a { scrollbar-gutter: stable }"),
    Feature("@layer", 99, r"@layer\b", "@layer base {}"),
    Feature("translate, rotate, scale of their own", 104, _P.format("translate|rotate|scale"), "a { rotate: 3deg }"),
    Feature("ranges in media queries", 104, r"@media[^{]*[<>]", "@media (width >= 40rem) {}"),
    Feature(":has", 105, r":has\(", "p:has(a) {}"),
    Feature(":modal", 105, r":modal\b", "dialog:modal {}"),
    Feature("@container", 105, r"@container\b|container-type\s*:", "@container (min-width: 1px) {}"),
    Feature("dvh, svh, lvh", 108, r"\d[dsl]v(?:h|w|min|max|i|b)\b", "a { height: 100dvh }"),
    Feature("lh", 109, r"\d(?:lh|rlh)\b", "a { height: 2lh }"),
    Feature("color-mix, oklch, lab", 111, r"\b(?:color-mix|oklch|oklab|lch|lab)\(", "a { color: color-mix(in srgb, red, blue) }"),
    Feature("nesting", 112, r"(?:^|[\s{;])&", "a { &:hover {} }"),
    Feature("text-wrap", 114, _P.format("text-wrap|white-space-collapse"), "a { text-wrap: balance }"),
    Feature("subgrid", 117, r"\bsubgrid\b", "a { grid-template-columns: subgrid }"),
    Feature("@starting-style, @scope", 117, r"@(?:starting-style|scope)\b", "@scope (a) {}"),
    Feature(":user-invalid", 119, r":user-(?:in)?valid\b", "input:user-invalid {}"),
    Feature("mask without a prefix", 120, _P.format("mask(?:-[a-z]+)?"), "a { mask-image: none }"),
    Feature("light-dark", 123, r"\blight-dark\(", "a { color: light-dark(red, blue) }"),
)  # fmt: skip

JS: Final = (
    Feature("Intl.Segmenter", 87, r"\bIntl\.Segmenter\b", "new Intl.Segmenter('zh')"),
    Feature("the d flag of regular expressions", 90, r"/[gimsuy]*d[gimsuy]*\.(?:exec|test)\b", "/a/d.exec(b)"),
    Feature("#x in", 91, r"#\w+ in\b", "if (#x in y) {}"),
    Feature("imports of JSON and CSS", 91, r"\bimport\b[^;]*\b(?:assert|with)\s*\{", "import a from './a.json' with { type: 'json' }"),
    Feature("at", 92, r"\.at\(", "a.at(-1)"),
    Feature("randomUUID", 92, r"\brandomUUID\b", "crypto.randomUUID()"),
    Feature("Object.hasOwn", 93, r"\bhasOwn\(", "Object.hasOwn(a, 'b')"),
    Feature("the cause of an error", 93, r"\bcause\s*:", "new Error('a', { cause: b })"),
    Feature("static blocks of classes", 94, r"\bstatic\s*\{", "class A { static { a() } }"),
    Feature("findLast", 97, r"\.findLast(?:Index)?\(", "a.findLast(b)"),
    Feature("structuredClone", 98, r"\bstructuredClone\b", "structuredClone(a)"),
    Feature("showPicker", 99, r"\.showPicker\(", "a.showPicker()"),
    Feature("inert", 102, r"\.inert\b", "a.inert = true"),
    Feature("AbortSignal.timeout", 103, r"\bAbortSignal\.(?:timeout|any)\b", "AbortSignal.timeout(1)"),
    Feature("checkVisibility", 105, r"\.checkVisibility\(", "a.checkVisibility()"),
    Feature("toSorted and the like", 110, r"\.(?:toSorted|toReversed|toSpliced)\(", "a.toSorted()"),
    Feature("popovers", 114, r"\.(?:show|hide|toggle)Popover\(|\bpopover\b", "a.showPopover()"),
    Feature("groupBy", 117, r"\.groupBy\(", "Object.groupBy(a, b)"),
    Feature("withResolvers", 119, r"\.withResolvers\b", "Promise.withResolvers()"),
    Feature("URL.canParse", 120, r"\bURL\.(?:canParse|parse)\b", "URL.canParse(a)"),
    Feature("methods of sets and iterators", 122, r"\.(?:isSubsetOf|isSupersetOf|symmetricDifference)\(|\bIterator\.", "Iterator.from(a)"),
)  # fmt: skip

#: What only a secure context has: an intranet has plain HTTP behind its proxy often enough.
SECURE: Final = (
    Feature("the clipboard", 0, r"\bnavigator\.clipboard\b", "navigator.clipboard.writeText(a)"),
    Feature("crypto.subtle", 0, r"\bcrypto\.subtle\b", "crypto.subtle.digest(a)"),
    Feature("locks", 0, r"\bnavigator\.locks\b", "navigator.locks.request(a)"),
    Feature("service workers and notifications", 0, r"\bserviceWorker\b|\bNotification\b", "navigator.serviceWorker"),
)

HTML: Final = (
    Feature("inert", 102, r"<[^>]*\sinert[\s>=]", "<div inert>"),
    Feature("popover", 114, r"<[^>]*\spopover(?:target)?[\s>=]", "<div popover>"),
    Feature("fetchpriority", 102, r"<[^>]*\sfetchpriority=", "<img fetchpriority=high>"),
    Feature("details of one name", 120, r"<details[^>]*\sname=", "<details name=a>"),
    Feature("closedby, command", 134, r"<[^>]*\s(?:closedby|commandfor)=", "<dialog closedby=any>"),
    Feature("search", 118, r"<search\b", "<search>"),
)


def bare_css(text: str) -> str:
    """Without comments and strings."""
    return re.sub(r'"[^"\n]*"', '""', re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL))


def bare_js(text: str) -> str:
    """Without comments and without what stands between single and double quotes."""
    return re.sub(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', '""', re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL))


def awaits_at_the_top(text: str) -> bool:
    """Whether a module waits outside of every function (89)."""
    depth = 0
    for piece in re.findall(r"[{}()]|\bawait\b", bare_js(text)):
        if piece == "await" and depth == 0:
            return True
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(piece, 0)
    return False
