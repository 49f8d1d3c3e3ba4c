"""Google's root keys: which of the published ones count, and for how long."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from passes.google.root_keys import DOCUMENT_BYTES_MAX, KEYS_MAX, RootKeys, moment, public_key
from tests.passes.google.makers import NOW
from tests.passes.google.signing import (
    OTHER_ROOT,
    ROOT,
    TOMORROW,
    YESTERDAY,
    encoded,
    keys_document,
    milliseconds,
    root_entry,
)


def test_the_keys_of_our_protocol_that_have_not_ended_are_usable() -> None:
    """Others' protocols, keys without an end and entries that are no keys are left out."""
    other_curve = ec.generate_private_key(ec.SECP384R1())
    keys = RootKeys.parse(
        keys_document(
            root_entry(ROOT),
            root_entry(OTHER_ROOT, keyExpiration=milliseconds(YESTERDAY)),
            root_entry(protocolVersion="ECv1"),
            root_entry(protocolVersion="ECv2"),
            root_entry(keyExpiration=None),
            root_entry(keyValue="x"),
            root_entry(other_curve),
        )
    )
    assert len(keys.keys) == 2
    assert keys.usable(NOW) == (ROOT.public_key(),)
    assert keys.usable(TOMORROW) == ()


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\xff",
        b"[" * 30_000,
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b" " * (DOCUMENT_BYTES_MAX + 1),
        json.dumps({"keys": [1] * (KEYS_MAX + 1)}).encode(),
    ],
)
def test_what_is_no_list_of_keys_is_refused(document: bytes) -> None:
    """A page of an outage does not take the place of keys that we have."""
    with pytest.raises(ValueError, match="root keys"):
        RootKeys.parse(document)


def test_an_entry_that_is_no_object_costs_nothing() -> None:
    """The rest is read."""
    document = json.dumps({"keys": [1, None, root_entry()]}).encode()
    assert len(RootKeys.parse(document).keys) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1773500966535", NOW),
        (1773500966535, NOW),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("253402300799999", datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
        ("253402300800000", None),
        ("9" * 5_000, None),
        (-2, None),
        (10**30, None),
        (1.5, None),
        ("", None),
        ("-1", None),
        ("1e3", None),
        ("²", None),
        (bool(1), None),
        (None, None),
        ([], None),
    ],
)
def test_a_moment_is_a_number_of_milliseconds(written: object, read: datetime | None) -> None:
    """As a string or as a number; what no date can hold is no moment."""
    assert moment(written) == read


@pytest.mark.parametrize("written", [None, 1, "", "AAAA", "ü", encoded(ROOT.public_key())[:-8]])
def test_what_is_no_key_is_none(written: Any) -> None:  # noqa: ANN401 -- any JSON
    """Neither other kinds of values nor other kinds of bytes."""
    assert public_key(written) is None
