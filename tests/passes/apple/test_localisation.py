"""pass.strings: any text survives, quotes and backslashes included."""

from hypothesis import given
from hypothesis import strategies as st

from passes.apple.localisation import Localisation, localised_files, pass_strings
from sandbox.opened_pass import parse_strings

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.dictionaries(TEXTS, TEXTS, max_size=5))
def test_any_text_survives_pass_strings(strings: dict[str, str]) -> None:
    """A reader gets back the very texts that were written."""
    assert parse_strings(pass_strings(strings)) == strings


def test_quotes_backslashes_and_lines_are_escaped() -> None:
    """A quote in a merchant's text does not end the string."""
    written = pass_strings({'say "hi"': "back\\slash\nnew\tline\r"})
    assert written == b'"say \\"hi\\"" = "back\\\\slash\\nnew\\tline\\r";\n'


def test_text_beyond_ascii_is_utf_16_as_apple_asks() -> None:
    """A byte order mark says so; plain ASCII needs neither."""
    assert pass_strings({"a": "é"}) == b"\xff\xfe" + '"a" = "é";\n'.encode("utf-16-le")
    assert pass_strings({"b": "2", "a": "1"}) == b'"a" = "1";\n"b" = "2";\n'


def test_each_language_has_its_folder() -> None:
    """Strings and images of a language lie in its .lproj."""
    files = localised_files([Localisation("de", {"a": "b"}, {"logo.png": b"png"})])
    assert files == {"de.lproj/pass.strings": b'"a" = "b";\n', "de.lproj/logo.png": b"png"}
