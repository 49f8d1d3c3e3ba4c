"""Request bodies: read within a limit and a deadline, then turned into the type a door takes."""

import asyncio
import re
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from gateway.domain.errors import Invalid
from gateway.web.parsing.strict_json import escape
from gateway.web.refusals import (
    BodyBroken,
    BodyInvalid,
    BodyTooLarge,
    BodyTooSlow,
    UnsupportedMediaType,
)

FORM_FIELDS_MAX = 64
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"

Parsed = TypeVar("Parsed")

_AT_FIELD = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_NAMED_FIELD = re.compile(r"field `(?P<name>[^`]*)`$")
_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+|\.\.\.)\]")


class Fields(dict[str, str]):
    """A form as it came, for a page that wants to answer a mistake inline."""


async def read(request: web.Request, *, bytes_max: int, seconds_max: float) -> bytes:
    """Read the body, unpacked, and stop at the limit instead of after it.

    Raises BodyTooLarge, BodyTooSlow or BodyBroken.
    """
    if (request.content_length or 0) > bytes_max:
        raise BodyTooLarge(bytes_max=bytes_max)
    body = bytearray()
    # What has arrived whole cannot be late, and a timer costs more than reading it.
    deadline = None if request.content.is_eof() else seconds_max
    try:
        async with asyncio.timeout(deadline):
            while chunk := await request.content.readany():
                body += chunk
                if len(body) > bytes_max:
                    raise BodyTooLarge(bytes_max=bytes_max)
    except TimeoutError:
        raise BodyTooSlow from None
    except (web.RequestPayloadError, BadHttpMessage):
        raise BodyBroken from None
    return bytes(body)


def require_type(request: web.Request, expected: str) -> None:
    """Refuse a body which is not announced as `expected` in UTF-8."""
    charset = (request.charset or "utf-8").lower()
    if request.content_type != expected or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(expected=expected)


def fields(raw: bytes) -> Fields:
    """Read a urlencoded form; a repeated field or bad UTF-8 is refused."""
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FORM_FIELDS_MAX,
        )
    except ValueError:
        raise BodyInvalid from None
    form = dict(pairs)
    if len(form) != len(pairs) or any("\x00" in value for value in form.values()):
        raise BodyInvalid
    return Fields(form)


def form(sent: Mapping[str, str], shape: type[Parsed]) -> Parsed:
    """Turn a form's fields into `shape`; an empty field counts as not given."""
    given = {name: value.strip() for name, value in sent.items() if value.strip()}
    return convert(given, shape, strict=False)


def convert(
    value: object,
    shape: type[Parsed],
    *,
    strict: bool = True,
    refusal: type[Invalid] = BodyInvalid,
) -> Parsed:
    """Turn plain data into `shape`, or raise `refusal` with a pointer to the first fault."""
    try:
        return msgspec.convert(value, shape, strict=strict)
    except msgspec.ValidationError as problem:
        raise refusal(errors=[_fault(str(problem))]) from None


def _fault(message: str) -> dict[str, str]:
    """Turn msgspec's sentence into a JSON pointer (RFC 6901) and what is wrong there."""
    found = _AT_FIELD.match(message)
    assert found is not None, "the pattern matches any text"
    what, path = found["what"], found["path"] or ""
    steps = [step["key"] or step["index"] for step in _STEP.finditer(path)]
    if named := _NAMED_FIELD.search(what):
        steps.append(named["name"])
    return {"pointer": "".join(f"/{escape(step)}" for step in steps), "detail": what}
