"""What a phone complains about in `POST /v1/log`, told apart by kind.

The wording is observed on devices and not documented, so that a line of an unknown shape is
simply OTHER. A rising count of any other kind says that our web service breaks a rule.
"""

import re
from enum import StrEnum


class DeviceLogKind(StrEnum):
    """Kinds of complaints, named by what went wrong."""

    SPURIOUS_PUSH = "spurious_push"
    PASS_UNCHANGED = "pass_unchanged"
    IF_MODIFIED_SINCE_IGNORED = "if_modified_since_ignored"
    LAST_MODIFIED_MISSING = "last_modified_missing"
    TAG_SAME = "tag_same"
    TAG_MISSING = "tag_missing"
    UNREGISTERED_SERIAL = "unregistered_serial"
    AUTHENTICATION_FAILURE = "authentication_failure"
    UNEXPECTED_RESPONSE_CODE = "unexpected_response_code"
    CONNECTION_ERROR = "connection_error"
    MALFORMED_RESPONSE = "malformed_response"
    INVALID_PASS_DATA = "invalid_pass_data"
    OTHER = "other"


_SIGNS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"received spurious push", DeviceLogKind.SPURIOUS_PUSH),
        (r"pass was unchanged", DeviceLogKind.PASS_UNCHANGED),
        (r"ignored the 'if-modified-since'", DeviceLogKind.IF_MODIFIED_SINCE_IGNORED),
        (r"did not provide a 'last-modified'", DeviceLogKind.LAST_MODIFIED_MISSING),
        (r"lastUpdated.*remained the same", DeviceLogKind.TAG_SAME),
        (r"omitted a lastUpdated", DeviceLogKind.TAG_MISSING),
        (r"unregistered serial number", DeviceLogKind.UNREGISTERED_SERIAL),
        (r"authentication failure", DeviceLogKind.AUTHENTICATION_FAILURE),
        (r"unexpected response code", DeviceLogKind.UNEXPECTED_RESPONSE_CODE),
        (r"connection error", DeviceLogKind.CONNECTION_ERROR),
        (r"response was malformed", DeviceLogKind.MALFORMED_RESPONSE),
        (r"invalid pass data", DeviceLogKind.INVALID_PASS_DATA),
    )
)


def classify(line: str) -> DeviceLogKind:
    """Tell of which kind a complaint is; the first sign that is found decides."""
    return next((kind for sign, kind in _SIGNS if sign.search(line)), DeviceLogKind.OTHER)
