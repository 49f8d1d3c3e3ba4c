"""Complaints of phones, told apart by kind."""

import pytest

from passes.apple.device_log import DeviceLogKind, classify

TASK = "[2026-03-14 15:09:26 +0000] Get pass task (pass type pass.com.example, serial a; with web service url https://example.com) encountered error:"  # noqa: E501

LINES = {
    DeviceLogKind.SPURIOUS_PUSH: "Device received spurious push. Request for passesUpdatedSince '17' returned no serial numbers. (Device = ab)",  # noqa: E501
    DeviceLogKind.PASS_UNCHANGED: "Server requested update to serial number 'a', but the pass was unchanged.",  # noqa: E501
    DeviceLogKind.IF_MODIFIED_SINCE_IGNORED: "Server ignored the 'if-modified-since' header (Sat, 14 Mar 2026 15:09:26 GMT) and returned the full unchanged pass data for serial number 'a'.",  # noqa: E501
    DeviceLogKind.LAST_MODIFIED_MISSING: "Server did not provide a 'last-modified' header for serial number 'a'.",  # noqa: E501
    DeviceLogKind.TAG_SAME: "The passesUpdatedSince tag: lastUpdated tag '17' remained the same.",
    DeviceLogKind.TAG_MISSING: "Response omitted a lastUpdated tag.",
    DeviceLogKind.UNREGISTERED_SERIAL: "Update requested for unregistered serial number 'a'",
    DeviceLogKind.AUTHENTICATION_FAILURE: f"{TASK} Authentication failure",
    DeviceLogKind.UNEXPECTED_RESPONSE_CODE: f"{TASK} Unexpected response code 500",
    DeviceLogKind.CONNECTION_ERROR: f"{TASK} Connection error",
    DeviceLogKind.MALFORMED_RESPONSE: f"{TASK} Server response was malformed (Missing key)",
    DeviceLogKind.INVALID_PASS_DATA: f"{TASK} Received invalid pass data",
    DeviceLogKind.OTHER: "Something new in iOS 28",
}


@pytest.mark.parametrize(("kind", "line"), LINES.items())
def test_each_kind_of_complaint_is_told_apart(kind: DeviceLogKind, line: str) -> None:
    """Lines as phones send them fall into their kind; the unknown is OTHER."""
    assert classify(line) is kind


def test_every_kind_is_tried() -> None:
    """No kind without a line that belongs to it."""
    assert set(LINES) == set(DeviceLogKind)
