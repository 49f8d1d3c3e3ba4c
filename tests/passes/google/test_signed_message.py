"""The protocol ECv2SigningOnly: Tink's own cases, and what its peers let through.

The first fourteen promises are those of `PaymentMethodTokenRecipientTest` in Google's
tink-java-apps, with keys made here.
"""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from passes.google.root_keys import RootKeys
from passes.google.signed_message import (
    BODY_BYTES_MAX,
    SIGNATURES_MAX,
    Distrust,
    UntrustedCallback,
    signed_message,
)
from tests.passes.google.makers import ISSUER, NOW
from tests.passes.google.signing import (
    OTHER_ROOT,
    ROOT,
    TOMORROW,
    YESTERDAY,
    Google,
    body,
    encoded,
    keys_document,
    milliseconds,
    root_entry,
    signature,
    spoilt,
    with_signatures,
)

MESSAGE = '{"a": "plaintext"}'
SEALED = Google().seal(MESSAGE)


def opened(envelope: dict[str, Any], *entries: dict[str, Any], recipient: str = ISSUER) -> Any:  # noqa: ANN401 -- JSON
    """Open an envelope with the root keys given, or with the one good key."""
    keys = RootKeys.parse(keys_document(*entries))
    return signed_message(body(envelope), recipient, keys, NOW)


def distrust(envelope: dict[str, Any], *entries: dict[str, Any], recipient: str = ISSUER) -> str:
    """Return why an envelope is not believed."""
    with pytest.raises(UntrustedCallback) as caught:
        opened(envelope, *entries, recipient=recipient)
    return caught.value.reason


def test_a_signed_message_is_opened() -> None:
    """Tink 1: what Google signed for us is believed."""
    assert opened(SEALED) == {"a": "plaintext"}


def test_a_changed_message_is_not_believed() -> None:
    """Tink 2: one blank more and the signature is another's."""
    changed = SEALED | {"signedMessage": MESSAGE + " "}
    assert distrust(changed) == Distrust.SIGNATURE


def test_another_sender_is_not_believed() -> None:
    """Tink 3: the sender is part of what is signed."""
    sealed = Google(sender="not-GooglePayPasses").seal(MESSAGE)
    assert distrust(sealed) == Distrust.INTERMEDIATE_SIGNATURE


def test_another_root_key_is_not_believed() -> None:
    """Tink 4: signed well, by somebody else."""
    assert distrust(SEALED, root_entry(OTHER_ROOT)) == Distrust.INTERMEDIATE_SIGNATURE


def test_a_root_key_that_has_ended_is_no_key() -> None:
    """Tink 5: Google's own old key opens nothing any more."""
    ended = root_entry(keyExpiration=milliseconds(YESTERDAY))
    assert distrust(SEALED, ended) == Distrust.NO_ROOT_KEY
    now = root_entry(keyExpiration=milliseconds(NOW))
    assert distrust(SEALED, now) == Distrust.NO_ROOT_KEY


def test_a_root_key_without_an_end_is_no_key() -> None:
    """Tink 6: this protocol's keys say when they end."""
    endless = root_entry()
    del endless["keyExpiration"]
    assert distrust(SEALED, endless) == Distrust.NO_ROOT_KEY


def test_all_root_keys_are_tried() -> None:
    """Tink 7: while Google changes keys there are two."""
    assert opened(SEALED, root_entry(OTHER_ROOT), root_entry(ROOT))


def test_a_changed_intermediate_key_is_not_believed() -> None:
    """Tink 8: the root signs the very string of the intermediate key."""
    inner = SEALED["intermediateSigningKey"]
    changed = inner | {"signedKey": inner["signedKey"] + " "}
    sealed = SEALED | {"intermediateSigningKey": changed}
    assert distrust(sealed) == Distrust.INTERMEDIATE_SIGNATURE


def test_a_wrong_signature_of_the_intermediate_key_is_not_believed() -> None:
    """Tink 9: not even one that is no signature at all."""
    (right,) = SEALED["intermediateSigningKey"]["signatures"]
    for wrong in ([spoilt(right)], ["not base64!"], [right[:-4]], []):
        assert distrust(with_signatures(SEALED, wrong)) == Distrust.INTERMEDIATE_SIGNATURE


def test_all_signatures_of_the_intermediate_key_are_tried() -> None:
    """Tink 10: one good signature among bad ones is enough."""
    (right,) = SEALED["intermediateSigningKey"]["signatures"]
    assert opened(with_signatures(SEALED, [spoilt(right), right]))


def test_a_message_for_another_recipient_is_not_believed() -> None:
    """Tink 11: Google signs for one issuer; a message taken from another stays another's."""
    assert distrust(SEALED, recipient="3388000000099999999") == Distrust.SIGNATURE
    other = Google(recipient="3388000000099999999").seal(MESSAGE)
    assert distrust(other) == Distrust.SIGNATURE


def test_an_intermediate_key_that_has_ended_is_not_believed() -> None:
    """Tink 14: it lives for days only (12 and 13 are about the message, in test_callback)."""
    ended = Google(intermediate_ends=milliseconds(YESTERDAY)).seal(MESSAGE)
    assert distrust(ended) == Distrust.INTERMEDIATE_EXPIRED
    now = Google(intermediate_ends=milliseconds(NOW)).seal(MESSAGE)
    assert distrust(now) == Distrust.INTERMEDIATE_EXPIRED
    assert opened(Google(intermediate_ends=int(milliseconds(TOMORROW))).seal(MESSAGE))


def test_a_root_key_of_another_protocol_is_no_key() -> None:
    """A key for payments opens no callbacks."""
    other = root_entry(protocolVersion="ECv2")
    assert distrust(SEALED, other) == Distrust.NO_ROOT_KEY


def test_another_protocol_is_not_believed_whatever_it_signs() -> None:
    """The protocol is ours to choose, not the message's."""
    other = Google(protocol="ECv2").seal(MESSAGE)
    assert distrust(other) == Distrust.PROTOCOL
    assert distrust(SEALED | {"protocolVersion": "ECv2"}) == Distrust.PROTOCOL


def test_lengths_are_those_of_bytes() -> None:
    """A letter of two bytes counts twice; who counts letters refuses honest messages."""
    assert opened(Google().seal('{"a": "Café ☕ 😀"}')) == {"a": "Café ☕ 😀"}


def test_a_wrong_signature_of_the_message_is_not_believed() -> None:
    """Neither one of the root key, nor a spoilt one, nor none."""
    by_root = signature(ROOT, "GooglePayPasses", ISSUER, "ECv2SigningOnly", MESSAGE)
    for wrong in (by_root, spoilt(SEALED["signature"]), "", "?"):
        assert distrust(SEALED | {"signature": wrong}) == Distrust.SIGNATURE


@pytest.mark.parametrize(
    "change",
    [
        {"more": 1},
        {"signature": None},
        {"signature": "\ud800"},
        {"signedMessage": 1},
        {"signedMessage": "\ud800"},
        {"intermediateSigningKey": "x"},
        {"intermediateSigningKey": {}},
        {"intermediateSigningKey": {"signedKey": "{}", "signatures": "x"}},
        {"intermediateSigningKey": {"signedKey": "{}", "signatures": [1]}},
        {"intermediateSigningKey": {"signedKey": 1, "signatures": []}},
        {"intermediateSigningKey": {"signedKey": "{}", "signatures": [], "more": 1}},
        {"intermediateSigningKey": {"signedKey": "{}", "signatures": ["x"] * 11}},
    ],
)
def test_an_envelope_has_four_parts_of_the_right_kind(change: dict[str, Any]) -> None:
    """Nothing more, nothing less, and no list long enough to keep us busy."""
    assert SIGNATURES_MAX == 10
    assert distrust(SEALED | change) == Distrust.MALFORMED


def test_an_envelope_lacks_nothing() -> None:
    """A part that is missing is no part that is empty."""
    for name in SEALED:
        rest = {key: value for key, value in SEALED.items() if key != name}
        assert distrust(rest) == Distrust.MALFORMED


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b"1", b"[" * 9_000])
def test_what_is_no_json_object_is_not_believed(raw: bytes) -> None:
    """Also not what would make a reader run out of breath."""
    with pytest.raises(UntrustedCallback) as caught:
        signed_message(raw, ISSUER, RootKeys.parse(keys_document()), NOW)
    assert caught.value.reason == Distrust.MALFORMED


def test_a_body_too_large_is_not_read() -> None:
    """Before any work is done for it."""
    raw = body(SEALED) + b" " * BODY_BYTES_MAX
    with pytest.raises(UntrustedCallback) as caught:
        signed_message(raw, ISSUER, RootKeys.parse(keys_document()), NOW)
    assert caught.value.reason == Distrust.TOO_LARGE


@pytest.mark.parametrize(
    "signed_key",
    [
        "{}",
        "[]",
        "x",
        json.dumps({"keyValue": "x", "keyExpiration": milliseconds(TOMORROW)}),
        json.dumps({"keyValue": encoded(ROOT.public_key())}),
        json.dumps({"keyValue": encoded(ROOT.public_key()), "keyExpiration": "soon"}),
        json.dumps(
            {
                "keyValue": encoded(ec.generate_private_key(ec.SECP384R1()).public_key()),
                "keyExpiration": milliseconds(TOMORROW),
            }
        ),
    ],
)
def test_an_intermediate_key_is_a_key_with_an_end(signed_key: str) -> None:
    """Also when Google's root should have signed something else."""
    signatures = [signature(ROOT, "GooglePayPasses", "ECv2SigningOnly", signed_key)]
    inner = {"signedKey": signed_key, "signatures": signatures}
    assert distrust(SEALED | {"intermediateSigningKey": inner}) == Distrust.MALFORMED


def test_a_signed_message_that_is_no_object_is_not_believed() -> None:
    """Google signs JSON objects."""
    assert distrust(Google().seal("plaintext")) == Distrust.CONTENT
    assert distrust(Google().seal("[]")) == Distrust.CONTENT


def test_a_refusal_repeats_nothing_of_what_came() -> None:
    """Its words go into logs."""
    with pytest.raises(UntrustedCallback, match=r"^signature$"):
        opened(SEALED | {"signedMessage": "secret"})
