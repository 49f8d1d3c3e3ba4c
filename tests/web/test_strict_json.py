"""The JSON reader against everything hypothesis can think of."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway.web.parsing import strict_json
from gateway.web.refusals import JsonRefusal, JsonTooDeep

TEXT = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
INTEGERS = some.integers(-strict_json.INTEGER_MAX, strict_json.INTEGER_MAX)
NUMBERS = some.floats(allow_nan=False, allow_infinity=False)
LEAVES = some.none() | some.booleans() | INTEGERS | NUMBERS | TEXT
VALUES = some.recursive(
    LEAVES, lambda inner: some.lists(inner) | some.dictionaries(TEXT, inner), max_leaves=20
)


@given(VALUES, some.booleans())
def test_every_honest_value_survives(value: object, is_ascii: bool) -> None:  # noqa: FBT001
    """What any encoder writes from plain data is read back as it was."""
    raw = json.dumps(value, ensure_ascii=is_ascii).encode()

    assert strict_json.load(raw) == value


@given(some.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """No bytes make the reader fail in another way, and what it reads can be written again."""
    try:
        value = strict_json.load(raw)
    except JsonRefusal:
        return

    assert strict_json.load(json.dumps(value).encode()) == value


@given(TEXT, LEAVES, LEAVES)
def test_a_key_given_twice_is_refused_wherever_it_is(
    key: str, first: object, second: object
) -> None:
    """Equal values or not, at the top or below."""
    name = json.dumps(key)
    twice = f"{{{name}: {json.dumps(first)}, {name}: {json.dumps(second)}}}"

    for raw in (twice, f'[{{"a": {twice}}}]'):
        with pytest.raises(JsonRefusal) as refused:
            strict_json.load(raw.encode())
        assert refused.value.code == "json_duplicate_key"


@given(some.integers(1, 80))
def test_depth_is_counted_exactly(depth: int) -> None:
    """Thirty-two levels are read, thirty-three are not."""
    raw = b"[" * depth + b"]" * depth
    if depth <= strict_json.DEPTH_MAX:
        strict_json.load(raw)
    else:
        with pytest.raises(JsonTooDeep):
            strict_json.load(raw)
