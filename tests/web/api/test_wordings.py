"""A merchant's own words over the API: written, refused, given up for ours, and looked at."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.shops import Shop
from tests.web.api.gate import Caller

PATH = "wordings/stamp/mail/fr"
WORDS: dict[str, Any] = {"subject": "Merci !", "body": "Il vous manque {{ stamps_missing }}."}


async def test_words_are_written_and_given_up(caller: Caller) -> None:
    """Ours first; the merchant's while there are some; then ours again."""
    ours = await caller.get(PATH)
    written = await caller.put(PATH, WORDS, If_Match=ours.headers["ETag"])
    shown = await caller.get(PATH)
    dropped = await caller.call("DELETE", PATH, headers={"If_Match": written.headers["ETag"]})

    assert (ours.body["is_own"], written.body["is_own"]) == (False, True)
    assert shown.body == written.body
    assert shown.body["body"] == WORDS["body"]
    assert dropped.body == ours.body
    assert (await caller.get(PATH)).body == ours.body


async def test_d12_a_change_without_the_current_tag_is_refused(caller: Caller) -> None:
    """Of ten at once one holds; so it is when words are given up."""
    for method, body in (("PUT", WORDS), ("DELETE", None)):
        missing = await caller.call(method, PATH, body, headers={})
        assert (missing.status, missing.code) == (428, "if_match_missing")
    tag = (await caller.get(PATH)).headers["ETag"]

    answers = await asyncio.gather(*(caller.put(PATH, WORDS, If_Match=tag) for _ in range(10)))
    late = await caller.call("DELETE", PATH, headers={"If_Match": tag})

    assert sorted(each.status for each in answers) == [200, *[412] * 9]
    assert (late.status, late.code) == (412, "changed_meanwhile")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"body": "{{7*7}}"}, "/body"),
        ({"body": "javascript:alert(1)"}, "/body"),
        ({"body": "{{ tier }}"}, "/body"),
        ({"subject": "Hi\r\nBcc: all@mail.example"}, "/subject"),
        ({"subject": "=?utf-8?q?=0D=0A?="}, "/subject"),
        ({"subject": ""}, "/subject"),
    ],
)
async def test_words_nobody_should_get_are_refused(
    caller: Caller, change: dict[str, Any], pointer: str
) -> None:
    """Cases J1 and J5, written and only looked at."""
    tag = (await caller.get(PATH)).headers["ETag"]
    place = {"event": "stamp", "channel": "mail", "language": "fr"}

    for refused in (
        await caller.put(PATH, WORDS | change, If_Match=tag),
        await caller.post("wordings/preview", WORDS | change | place),
    ):
        assert (refused.status, refused.code) == (400, "body_invalid")
        assert refused.body["errors"][0]["pointer"] == pointer
    assert not (await caller.get(PATH)).body["is_own"]


@pytest.mark.parametrize(
    "path", ["campaign/mail/en", "stamp/fax/en", "stamp/mail/it", "nothing/sms/en"]
)
async def test_what_does_not_exist_has_no_words(caller: Caller, path: str) -> None:
    """A campaign brings its own."""
    answers = (
        await caller.get(f"wordings/{path}"),
        await caller.put(f"wordings/{path}", WORDS, If_Match='"0"'),
    )

    assert {(each.status, each.code) for each in answers} == {(404, "not_found")}


async def test_a_preview_is_what_would_arrive(caller: Caller) -> None:
    """An SMS with its segments, a mail with its HTML, a wallet's line alone."""
    place = {"event": "campaign", "language": "de"}
    sms = await caller.post(
        "wordings/preview", place | {"channel": "sms", "body": "{{ merchant }}: Hallo ☕" * 4}
    )
    mail = await caller.post("wordings/preview", place | WORDS | {"channel": "mail"})
    line = await caller.post(
        "wordings/preview", place | {"channel": "wallet", "body": "Noch {{ stamps_missing }}"}
    )

    assert sms.body["text"].endswith("Abmelden: mit STOP antworten")
    assert sms.body["sms_segments"] == 2
    assert "Il vous manque 4 Stempel." in mail.body["html"]
    assert mail.body["subject"] == "Merci !"
    assert line.body == {
        "text": "Noch 4 Stempel",
        "subject": None,
        "html": None,
        "sms_segments": None,
    }


async def test_each_merchant_has_words_of_its_own(
    caller: Caller, open_other: Callable[..., Awaitable[tuple[Shop, Caller]]]
) -> None:
    """What one writes, the other does not send."""
    _, other = await open_other()
    tag = (await caller.get(PATH)).headers["ETag"]
    await caller.put(PATH, WORDS, If_Match=tag)

    assert not (await other.get(PATH)).body["is_own"]
