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


def load(raw: bytes) -> object:
    """Read one JSON text of UTF-8 `raw`; raises a `JsonRefusal` with a pointer to the fault."""
    try:
        value: object = _DECODER.decode(_text(raw))
    except RecursionError:
        raise JsonTooDeep from None
    except json.JSONDecodeError as problem:
        raise JsonRefusal(line=problem.lineno, column=problem.colno) from None
    _walk(value, "", 1)
    return value


def _text(raw: bytes) -> str:
    if raw.startswith(BYTE_ORDER_MARK):
        raise JsonEncoding
    try:
        return raw.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise JsonEncoding from None


def _walk(value: object, pointer: str, depth: int) -> None:
    """Find the first fault in `value` and refuse it with its JSON pointer (RFC 6901)."""
    match value:
        case _Flaw(refusal=refusal):
            _refuse(refusal, pointer)
        case str() if "\x00" in value or not _is_unicode(value):
            _refuse(JsonText, pointer)
        case dict() | list() if depth > DEPTH_MAX:
            _refuse(JsonTooDeep, pointer)
        case dict():
            for key, item in value.items():
                _walk(key, f"{pointer}/{escape(key)}", depth)
                _walk(item, f"{pointer}/{escape(key)}", depth + 1)
        case list():
            for index, item in enumerate(value):
                _walk(item, f"{pointer}/{index}", depth + 1)


def escape(key: str) -> str:
    """Write `key` as one step of a JSON pointer, printable whatever it holds."""
    printable = key.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
    return printable.replace("~", "~0").replace("/", "~1")


def _refuse(refusal: type[JsonRefusal], pointer: str) -> NoReturn:
    sentence = (refusal.__doc__ or "").strip()
    raise refusal(errors=[{"pointer": pointer, "detail": sentence}])


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8", "strict")
    except UnicodeEncodeError:
        return False
    return True


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
