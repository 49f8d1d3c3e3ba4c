"""What Google's prose demands of classes, objects and messages beyond their schemas.

https://developers.google.com/wallet/reference/rest/v1/loyaltyclass and .../loyaltyobject
Our own machine is the one place images and callbacks may come from without https.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from sandbox.google.discovery import lenient_schema
from sandbox.google.languages import text_faults
from sandbox.google.refusals import invalid

RESOURCE_ID = re.compile(r"[0-9]{1,20}\.[A-Za-z0-9._-]+")
MESSAGES_MAX = 10
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "LoyaltyClass": ("id", "issuerName", "programName", "programLogo", "reviewStatus"),
    "LoyaltyObject": ("id", "classId", "state"),
}
DRAFT, UNDER_REVIEW = {"DRAFT", "draft"}, {"UNDER_REVIEW", "underReview"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_BALANCES = {"string", "int", "double", "money"}


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(lenient_schema(schema))


def check_body(schema: str, body: object) -> None:
    """Refuse what Google's own description does not know, or knows otherwise."""
    for error in _validator(schema).iter_errors(body):
        raise invalid(f"Invalid JSON payload received at '{error.json_path}': {error.message}")


def check_complete(schema: str, content: Mapping[str, Any]) -> None:
    """Refuse a whole resource in which something is missing or contradicts itself."""
    missing = [field for field in REQUIRED[schema] if not content.get(field)]
    if missing:
        raise invalid(f"Missing required field '{missing[0]}'.")
    if len(content.get("messages", [])) > MESSAGES_MAX:
        raise invalid("Too many messages.")
    if content.get("merchantLocations"):
        raise invalid("Issuer not allowlisted for Merchant Locations. Please contact support.")
    for field in ("loyaltyPoints", "secondaryLoyaltyPoints"):
        balance = content.get(field, {}).get("balance", {})
        if field in content and len(_BALANCES & balance.keys()) != 1:
            raise invalid(f"{field}.balance must have exactly one value.")
    for fault in text_faults(content):
        raise invalid(fault)
    unreachable = [uri for uri in _addresses(content) if not _is_reachable(uri)]
    if unreachable:
        raise invalid(f"Invalid URI {unreachable[0]}: it must begin with https://.")


def check_id(resource_id: str) -> None:
    """Refuse an id that is not `<issuer>.<suffix>`."""
    if not RESOURCE_ID.fullmatch(resource_id):
        raise invalid(f"Invalid resource ID: {resource_id}")


def check_review(before: str | None, after: str) -> None:
    """Refuse a review status that only Google may set, and the way back to a draft."""
    if after not in DRAFT | UNDER_REVIEW:
        raise invalid("reviewStatus must be UNDER_REVIEW or DRAFT.")
    if before is not None and before not in DRAFT and after in DRAFT:
        raise invalid("A class cannot become a draft again.")


def _addresses(content: object) -> Iterator[str]:
    """Give the address of each image and callback, however deep it lies."""
    if isinstance(content, list):
        for each in content:
            yield from _addresses(each)
    if isinstance(content, dict):
        for field, value in content.items():
            if field == "sourceUri":
                yield value.get("uri", "")
            elif field == "callbackOptions":
                yield value.get("url", "")
            else:
                yield from _addresses(value)


def _is_reachable(uri: str) -> bool:
    parts = urlsplit(uri)
    return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in LOOPBACK)
