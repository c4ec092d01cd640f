"""What no rule looks for anything in."""

from xuanfa.checks.rules.shield import NO_TEXT, Shield


def test_comments_of_the_front_matter_are_no_text() -> None:
    text = "---\ntitle: 巡回审判\n# 那一行行首的 13812345678\ncolumn: action\n---\n\n# 那一行行首\n"
    shield = Shield(text, is_post=True)
    comment, heading = text.index("行行"), text.rindex("行行")
    assert shield.touches(comment, comment + 2, NO_TEXT)
    assert not shield.touches(heading, heading + 2, NO_TEXT)
