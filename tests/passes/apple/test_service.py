"""The words of the web service: tokens, tags, dates and bodies."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passes.apple import service
from passes.apple.words import is_device_library_identifier, is_pass_type, is_serial
from tests.passes.makers import NOW, PASS_TYPE

KEY = b"k" * 32


def test_a_token_belongs_to_one_pass_and_one_key() -> None:
    """43 characters that differ with pass type, serial and key, and never change."""
    token = service.authentication_token(KEY, PASS_TYPE, "a")
    assert token == service.authentication_token(KEY, PASS_TYPE, "a")
    assert token == "s0v2VN1ZuzSdGvvFFSrCw5i17QRgf5B4ODq4JBdJA9U"
    assert len(token) == 43
    assert token != service.authentication_token(KEY, PASS_TYPE, "b")
    assert token != service.authentication_token(KEY, "pass.b", "a")
    assert token != service.authentication_token(b"x" * 32, PASS_TYPE, "a")


def test_only_the_right_token_opens_a_pass() -> None:
    """Another pass's token, an empty one and one of strange letters do not."""
    token = service.authentication_token(KEY, PASS_TYPE, "a")
    assert service.is_token(KEY, PASS_TYPE, "a", token)
    assert not service.is_token(KEY, PASS_TYPE, "b", token)
    assert not service.is_token(KEY, PASS_TYPE, "a", "")
    assert not service.is_token(KEY, PASS_TYPE, "a", "\udcff" * 43)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("ApplePass abc", "abc"),
        ("applepass  abc ", "abc"),
        ("ApplePass", None),
        ("ApplePass ", None),
        ("ApplePass " + "x" * 257, None),
        ("Bearer abc", None),
        ("abc", None),
        ("", None),
        (None, None),
    ],
)
def test_the_token_is_taken_from_its_scheme_only(header: str | None, token: str | None) -> None:
    """Anything but `ApplePass <token>` is no token."""
    assert service.parse_authorization(header) == token


@given(st.integers(0, service.TAG_MAX))
def test_a_tag_comes_back_as_it_went_out(tag: int) -> None:
    """Digits survive a phone's URL encoding."""
    assert service.format_tag(tag).isdigit()
    assert service.parse_tag(service.format_tag(tag)) == tag


@given(st.none() | st.text())
def test_a_strange_tag_never_fails(text: str | None) -> None:
    """Garbage counts as absent, so that the phone gets everything."""
    tag = service.parse_tag(text)
    assert tag is None or (text is not None and text.isascii() and text.isdigit())


@pytest.mark.parametrize("text", ["", "-1", "1.5", "٣", "2026-01-01T00:00:00 00:00", "9" * 19])
def test_tags_we_never_sent_are_absent(text: str) -> None:
    """Also digits of other scripts, and numbers the database cannot hold."""
    assert service.parse_tag(text) is None


def test_last_modified_is_an_http_date() -> None:
    """Whole seconds, GMT, English names."""
    assert service.http_date(NOW) == "Sat, 14 Mar 2026 15:09:26 GMT"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Sat, 14 Mar 2026 15:09:26 GMT", True),
        ("Sat, 14 Mar 2026 15:09:27 GMT", True),
        ("Sat, 14 Mar 2026 15:09:26 -0000", True),
        ("Sat, 14 Mar 2026 15:09:25 GMT", False),
        ("Saturday, 14-Mar-26 15:09:26 GMT", True),
        ("2026-03-14 15:09:26", False),
        ("yesterday", False),
        ("Sat, 99 Mar 2026 15:09:26 GMT", False),
        ("Sat, 14 Mar 99999999999999999999 15:09:26 GMT", False),
        ("Sat, 14 Mar 2026 15:09:26 +99999999999999999999", False),
        ("Sat, 14 Mar 2026 17:09:26 +0200", True),
        ("", False),
        (None, False),
    ],
)
def test_a_copy_as_new_as_ours_is_not_sent_again(header: str | None, *, expected: bool) -> None:
    """Equal or newer means unmodified; what cannot be read means modified."""
    assert service.is_not_modified(header, NOW) is expected


HTTP_DATE_LIKE = st.from_regex(
    r"(Sat, )?[0-9]{1,3} (Mar|Feb|XYZ) [0-9]{1,5} "
    r"[0-9]{1,3}:[0-9]{2}(:[0-9]{2})? ?([+-][0-9]{1,12}|GMT)?",
    fullmatch=True,
)


@given(st.text() | HTTP_DATE_LIKE)
def test_a_strange_date_never_fails(header: str) -> None:
    """Whatever a client sends as If-Modified-Since, the answer is yes or no."""
    assert service.is_not_modified(header, NOW) in {True, False}


@given(st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_our_own_date_means_not_modified(moment: datetime) -> None:
    """What we sent as Last-Modified comes back and is recognised; a second later it is not."""
    changed_at = moment.replace(tzinfo=UTC)
    header = service.http_date(changed_at)
    assert service.is_not_modified(header, changed_at)
    assert not service.is_not_modified(header, changed_at + timedelta(seconds=1))


def test_a_registration_is_read_and_hidden() -> None:
    """The push token is taken out of the body and shown nowhere."""
    registration = service.parse_registration({"pushToken": "ab12", "other": 1})
    assert registration.push_token == "ab12"
    assert "ab12" not in repr(registration)


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {}, {"pushToken": None}, {"pushToken": ""}, {"pushToken": "a b"},
     {"pushToken": "x" * 513}, {"pushToken": "ab\r\nx: y"}],
)  # fmt: skip
def test_a_bad_registration_says_what_is_wrong(body: object) -> None:
    """One sentence names the key."""
    with pytest.raises(ValueError, match="'pushToken'"):
        service.parse_registration(body)


def test_a_log_is_cut_to_size_and_stripped_of_secrets() -> None:
    """A phone may repeat a token; it must not reach our logs."""
    line = (
        "Register task (authenticationToken: s3cret.x, pushToken=abcdef) ApplePass t0ken-1 failed"
    )
    assert service.without_secrets(f"to {'0aF9' * 8} from ada@mail.example") == "to … from …"
    lines = service.parse_log({"logs": [line, "x" * 5000, *["y"] * 200]}).lines
    assert lines[0] == "Register task (authenticationToken: …, pushToken=…) ApplePass … failed"
    assert len(lines[1]) == service.LOG_LINE_CHARACTERS_MAX
    assert len(lines) == service.LOG_LINES_MAX


@pytest.mark.parametrize("body", [None, {}, {"logs": "x"}, {"logs": [1]}])
def test_a_bad_log_says_what_is_wrong(body: object) -> None:
    """One sentence names the key."""
    with pytest.raises(ValueError, match="'logs'"):
        service.parse_log(body)


def test_the_list_is_written_with_a_text_as_tag() -> None:
    """A number there makes a phone discard the whole answer."""
    changed = service.ChangedPasses(("a", "b"), 17)
    assert changed.body() == {"serialNumbers": ["a", "b"], "lastUpdated": "17"}


@pytest.mark.parametrize(
    ("text", "serial", "pass_type", "device"),
    [
        ("a-Z0.9_~", True, False, True),
        ("pass.com.example", True, True, True),
        ("pass.", True, False, True),
        ("pass..a", True, False, True),
        (".", False, False, True),
        ("a%20b", False, False, False),
        ("", False, False, False),
        ("x" * 65, False, False, True),
        ("a\n", False, False, False),
    ],
)
def test_identifiers_survive_a_phones_urls(
    text: str, *, serial: bool, pass_type: bool, device: bool
) -> None:
    """Phones encode a path twice, so that only plain characters arrive."""
    assert is_serial(text) is serial
    assert is_pass_type(text) is pass_type
    assert is_device_library_identifier(text) is device
