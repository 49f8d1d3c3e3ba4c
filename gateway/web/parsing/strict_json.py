"""A JSON reader that refuses everything two honest parsers could read differently.

RFC 8259 leaves duplicate keys, huge numbers and lone surrogates to the implementation, and the
standard library accepts all three. I-JSON (RFC 7493) does not, and neither do we.
"""

import json
import math
from dataclasses import dataclass
from typing import NoReturn

from gateway.web.refusals import (
    JsonDuplicateKey,
    JsonEncoding,
    JsonNumber,
    JsonRefusal,
    JsonText,
    JsonTooDeep,
)

DEPTH_MAX = 32
INTEGER_MAX = 2**53 - 1
INTEGER_DIGITS_MAX = 17
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Flaw:
    """Stands where an unacceptable value stood, until the walk finds its pointer."""

    refusal: type[JsonRefusal]


_Fault = tuple[type[JsonRefusal], list[str]]


def load(raw: bytes) -> object:
    """Read one JSON text of UTF-8 `raw`; raises a `JsonRefusal` with a pointer to the fault."""
    try:
        value: object = _DECODER.decode(_text(raw))
    except RecursionError:
        raise JsonTooDeep from None
    except json.JSONDecodeError as problem:
        raise JsonRefusal(line=problem.lineno, column=problem.colno) from None
    if fault := _fault(value, 1):
        _refuse(*fault)
    return value


def _text(raw: bytes) -> str:
    if raw.startswith(BYTE_ORDER_MARK):
        raise JsonEncoding
    try:
        return raw.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise JsonEncoding from None


def _fault(value: object, depth: int) -> _Fault | None:
    """Find the first fault in `value`; the steps to it are noted on the way back only."""
    if isinstance(value, str):
        return None if _is_storable(value) else (JsonText, [])
    if isinstance(value, _Flaw):
        return value.refusal, []
    if not isinstance(value, dict | list):
        return None
    if depth > DEPTH_MAX:
        return JsonTooDeep, []
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, item in steps:
        if found := _fault(step, depth) or _fault(item, depth + 1):
            found[1].append(str(step))
            return found
    return None


def _is_storable(text: str) -> bool:
    """Say whether PostgreSQL and UTF-8 can hold `text`."""
    if text.isascii():
        return "\x00" not in text
    try:
        text.encode("utf-8", "strict")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def escape(key: str) -> str:
    """Write `key` as one step of a JSON pointer, printable whatever it holds."""
    printable = key.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
    return printable.replace("~", "~0").replace("/", "~1")


def _refuse(refusal: type[JsonRefusal], steps: list[str]) -> NoReturn:
    """Refuse with a JSON pointer (RFC 6901), made from the innermost step outwards."""
    pointer = "".join(f"/{escape(step)}" for step in reversed(steps))
    sentence = (refusal.__doc__ or "").strip()
    raise refusal(errors=[{"pointer": pointer, "detail": sentence}])


def _object(pairs: list[tuple[str, object]]) -> object:
    members: dict[str, object] = {}
    for key, value in pairs:
        members[key] = _Flaw(JsonDuplicateKey) if key in members else value
    return members


def _integer(digits: str) -> object:
    # Counted before `int()`, whose cost grows with the square of the length.
    if len(digits) > INTEGER_DIGITS_MAX or abs(number := int(digits)) > INTEGER_MAX:
        return _Flaw(JsonNumber)
    return number


def _fraction(digits: str) -> object:
    number = float(digits)
    return number if math.isfinite(number) else _Flaw(JsonNumber)


def _constant(_name: str) -> object:
    return _Flaw(JsonNumber)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_constant,
)
