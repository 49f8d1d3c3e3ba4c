"""Google's own description of its Wallet API, as JSON Schemas and a table of methods.

The document comes with google-api-python-client, so that nothing here is our own reading of the
API. It says what fields and values exist, never which are required.
Source: https://walletobjects.googleapis.com/$discovery/rest?version=v1
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

REVISION = "20260806"
"""The revision everything was built against; the package is pinned, so another one is news."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_INT32_MIN, _INT32_MAX, _UINT32_MAX = -(2**31), 2**31 - 1, 2**32 - 1

# A number of 64 bits travels as a string of digits, bytes as base64.
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "int32": {"type": "integer", "minimum": _INT32_MIN, "maximum": _INT32_MAX},
    "uint32": {"type": "integer", "minimum": 0, "maximum": _UINT32_MAX},
    "int64": {"type": "string", "pattern": r"^-?[0-9]{1,19}$"},
    "uint64": {"type": "string", "pattern": r"^[0-9]{1,20}$"},
    "double": {"type": "number"},
    "byte": {"type": "string", "pattern": r"^[A-Za-z0-9+/_-]*={0,2}$"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One call of the API: `path` holds ``{resourceId}``; a name of None means no body."""

    id: str
    verb: str
    path: str
    query: frozenset[str]
    request: str | None
    response: str | None


@cache
def document() -> Mapping[str, Any]:
    """Return the discovery document; read once, so never change it."""
    place = files("googleapiclient") / "discovery_cache" / "documents" / "walletobjects.v1.json"
    found: Mapping[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    return found


@cache
def strict_schema(name: str) -> Mapping[str, Any]:
    """Return the JSON Schema of what we may send: no deprecated field, no legacy value.

    `name` is Google's name, such as ``LoyaltyObject``; raises KeyError for any other.
    """
    return _schema(name, strict=True)


@cache
def lenient_schema(name: str) -> Mapping[str, Any]:
    """Return the JSON Schema of all that Google knows, deprecated or not.

    `name` is Google's name, such as ``LoyaltyObject``; raises KeyError for any other.
    """
    return _schema(name, strict=False)


@cache
def methods() -> tuple[Method, ...]:
    """Return every call of the API, by its id."""
    return tuple(sorted(_methods_of(document()), key=lambda method: method.id))


def _schema(name: str, *, strict: bool) -> Mapping[str, Any]:
    schemas = document()["schemas"]
    definitions: dict[str, Mapping[str, Any]] = {}
    wanted = [name]
    while wanted:
        one = wanted.pop()
        if one not in definitions:
            definitions[one] = _object(schemas[one], strict=strict)
            wanted.extend(_names_in(definitions[one]))
    return {"$schema": _DIALECT, "$ref": f"#/$defs/{name}", "$defs": definitions}


def _object(described: Mapping[str, Any], *, strict: bool) -> Mapping[str, Any]:
    kept = {
        field: _value(value, strict=strict)
        for field, value in described["properties"].items()
        if not (strict and value.get("deprecated"))
    }
    return {"type": "object", "properties": kept, "additionalProperties": False}


def _value(described: Mapping[str, Any], *, strict: bool) -> Mapping[str, Any]:
    if name := described.get("$ref"):
        return {"$ref": f"#/$defs/{name}"}
    if described["type"] == "array":
        return {"type": "array", "items": _value(described["items"], strict=strict)}
    if "enum" in described:
        return {"enum": list(_enum_values(described, strict=strict))}
    return _FORMATS.get(described.get("format", ""), {"type": described["type"]})


def _enum_values(described: Mapping[str, Any], *, strict: bool) -> Iterator[str]:
    values: list[str] = described["enum"]
    legacy = described.get("enumDeprecated") or [False] * len(values)
    for value, is_legacy in zip(values, legacy, strict=True):
        if not (strict and is_legacy):
            yield value


def _names_in(definition: Mapping[str, Any]) -> Iterator[str]:
    for value in definition["properties"].values():
        reference = value.get("$ref") or value.get("items", {}).get("$ref")
        if reference:
            yield reference.rpartition("/")[2]


def _methods_of(branch: Mapping[str, Any]) -> Iterator[Method]:
    for described in branch.get("methods", {}).values():
        yield _method(described)
    for below in branch.get("resources", {}).values():
        yield from _methods_of(below)


def _method(described: Mapping[str, Any]) -> Method:
    parameters = described.get("parameters", {})
    return Method(
        id=described["id"],
        verb=described["httpMethod"],
        path=described["path"],
        query=frozenset(name for name, one in parameters.items() if one["location"] == "query"),
        request=described.get("request", {}).get("$ref"),
        response=described.get("response", {}).get("$ref"),
    )
