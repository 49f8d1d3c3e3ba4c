"""What a callback says: who did what with which card, once, and not too late."""

from typing import Any

import pytest

from passes.google.callback import NONCE_CHARACTERS_MAX, Callback, CallbackEvent, verify
from passes.google.root_keys import RootKeys
from passes.google.signed_message import Distrust, UntrustedCallback
from tests.passes.google.makers import CLASS_ID, ISSUER, NOW, OBJECT_ID
from tests.passes.google.signing import (
    TOMORROW,
    YESTERDAY,
    Google,
    body,
    content,
    keys_document,
    milliseconds,
)

KEYS = RootKeys.parse(keys_document())
OTHER_ISSUER = "3388000000099999999"


def told(**changes: Any) -> Callback:  # noqa: ANN401 -- any JSON
    """Return the callback of a message with some of its fields changed."""
    return verify(body(Google().seal(content(**changes))), ISSUER, KEYS, NOW)


def distrust(**changes: Any) -> str:  # noqa: ANN401 -- any JSON
    """Return why a message with some of its fields changed is not believed."""
    with pytest.raises(UntrustedCallback) as caught:
        told(**changes)
    return caught.value.reason


def test_a_save_is_read() -> None:
    """Class, object, event, nonce and end."""
    assert told() == Callback(
        class_id=CLASS_ID,
        object_id=OBJECT_ID,
        event=CallbackEvent.SAVE,
        nonce="9a8b7c6d-0000-4000-8000-123456789abc",
        expires_at=TOMORROW,
    )


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("save", CallbackEvent.SAVE),
        ("SAVE", CallbackEvent.SAVE),
        ("del", CallbackEvent.DELETE),
        ("Del", CallbackEvent.DELETE),
        ("archived", CallbackEvent.UNKNOWN),
        (None, CallbackEvent.UNKNOWN),
        (7, CallbackEvent.UNKNOWN),
    ],
)
def test_an_event_is_known_in_any_case(name: object, event: CallbackEvent) -> None:
    """An event thought of since is genuine all the same."""
    assert told(eventType=name).event is event


def test_a_message_that_has_not_ended_is_believed() -> None:
    """Tink 12, by the field that wallets use; as a number or as a string."""
    assert told(expTimeMillis=milliseconds(TOMORROW)).expires_at == TOMORROW
    assert told(expTimeMillis=int(milliseconds(TOMORROW))).expires_at == TOMORROW


def test_a_message_that_has_ended_is_not_believed() -> None:
    """Tink 13: an old callback told again is too late, to the millisecond."""
    assert distrust(expTimeMillis=milliseconds(YESTERDAY)) == Distrust.EXPIRED
    assert distrust(expTimeMillis=milliseconds(NOW)) == Distrust.EXPIRED


def test_a_message_is_not_read_before_its_signature() -> None:
    """An old message with a wrong signature is a wrong signature."""
    envelope = Google(recipient=OTHER_ISSUER).seal(content(expTimeMillis=milliseconds(YESTERDAY)))
    with pytest.raises(UntrustedCallback) as caught:
        verify(body(envelope), ISSUER, KEYS, NOW)
    assert caught.value.reason == Distrust.SIGNATURE


def test_a_callback_for_another_issuer_is_not_believed() -> None:
    """Genuine, about another's card, and sent on to us: the message does not choose its reader."""
    message = content(classId=f"{OTHER_ISSUER}.a", objectId=f"{OTHER_ISSUER}.b")
    envelope = Google(recipient=OTHER_ISSUER).seal(message)
    with pytest.raises(UntrustedCallback) as caught:
        verify(body(envelope), ISSUER, KEYS, NOW)
    assert caught.value.reason == Distrust.SIGNATURE


def test_a_callback_about_anothers_card_is_not_believed() -> None:
    """Signed for us, and yet its class or its object is of another issuer."""
    assert distrust(classId=f"{OTHER_ISSUER}.a") == Distrust.OTHER_ISSUER
    assert distrust(objectId=f"{OTHER_ISSUER}.a") == Distrust.OTHER_ISSUER
    both = {"classId": f"{OTHER_ISSUER}.a", "objectId": f"{OTHER_ISSUER}.b"}
    assert distrust(**both) == Distrust.OTHER_ISSUER


def test_what_google_adds_or_leaves_out_does_not_matter() -> None:
    """New fields, and no `count`."""
    assert told(count=None, walletAccountHint="x", nested={"a": [1]}) == told()


def test_a_message_with_letters_beyond_ascii_is_believed() -> None:
    """Its length is counted in bytes."""
    assert told(shop="Café Sonne ☕ 日本") == told()


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": None},
        {"nonce": ""},
        {"nonce": 7},
        {"nonce": "a\x00b"},
        {"nonce": "x" * (NONCE_CHARACTERS_MAX + 1)},
        {"expTimeMillis": None},
        {"expTimeMillis": "later"},
        {"classId": None},
        {"objectId": "3388000000012345678.a b"},
        {"objectId": 7},
    ],
)
def test_a_callback_says_what_it_must(changes: dict[str, Any]) -> None:
    """Without a nonce, an end or two names it says nothing we could act upon."""
    assert distrust(**changes) == Distrust.CONTENT


def test_the_same_callback_again_is_the_same_event() -> None:
    """Whoever keeps the nonces tells a repetition by its nonce alone."""
    raw = body(Google().seal(content()))
    assert verify(raw, ISSUER, KEYS, NOW) == verify(raw, ISSUER, KEYS, NOW)
