"""Numbers as the lists of Word write them (ECMA-376, 17.18.59)."""

from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"
_FORMAL: Final = "零壹贰叁肆伍陆柒捌玖"
_ROMAN: Final = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
#: Signs of which there are twenty, by their first one.
_SIGNS: Final = {
    "decimalEnclosedCircle": "①",
    "decimalEnclosedCircleChinese": "①",
    "decimalEnclosedParen": "⑴",
    "decimalEnclosedFullstop": "⒈",
}
_SIGNS_MOST: Final = 20
_COUNTING: Final = frozenset(
    {
        *("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"),
        *("taiwaneseCountingThousand", "koreanCounting"),
    }
)
_LATIN: Final = 26


def counted(number: int, form: str) -> str:
    """A number in the form that a list asks for; in digits where nobody knows it."""
    if form in _COUNTING:
        return chinese(number, _DIGITS, "十百千")
    if form in {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}:
        return chinese(number, _FORMAL, "拾佰仟")
    if form in {"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"}:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if form in _SIGNS and 1 <= number <= _SIGNS_MOST:
        return chr(ord(_SIGNS[form]) + number - 1)
    if form == "decimalFullWidth":
        return "".join(chr(ord("０") + int(digit)) for digit in str(number))
    if form in {"ideographTraditional", "ideographZodiac"}:
        signs = _STEMS if form == "ideographTraditional" else _BRANCHES
        return signs[(number - 1) % len(signs)] if number > 0 else str(number)
    if form in {"upperLetter", "lowerLetter"} and number > 0:
        letter = chr(ord("A") + (number - 1) % _LATIN) * ((number - 1) // _LATIN % _LATIN + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in {"upperRoman", "lowerRoman"}:
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    return f"{number:02d}" if form == "decimalZero" else "" if form == "none" else str(number)


def chinese(number: int, digits: str, units: str) -> str:
    """十, 二十一, 一百零五; from 10,000 on in digits."""
    if not 0 <= number < 10_000:  # noqa: PLR2004 - no list is as long
        return str(number)
    text, is_zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if is_zero else "") + digits[digit] + (units[place - 1] if place else "")
        is_zero = not digit and bool(text)
    text = text or digits[0]
    return text[1:] if text.startswith(digits[1] + units[0]) and digits == _DIGITS else text


def _roman(number: int) -> str:
    text = ""
    for worth, sign in _ROMAN:
        times = min(number // worth, 20)
        text, number = text + sign * times, number - worth * times
    return text or "0"
