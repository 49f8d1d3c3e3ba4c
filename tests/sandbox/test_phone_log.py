"""Each way a web service can misbehave makes the phone write the line a device writes."""

import pytest

from passes.apple.device_log import DeviceLogKind, classify
from sandbox.phone.phone import Phone
from tests.sandbox.conftest import Stage, settled
from tests.sandbox.pass_service import Fault


async def stamped(stage: Stage, fault: Fault) -> Phone:
    phone = await stage.phone_with("one")
    await stage.phone_with("two")
    stage.service.faults.add(fault)
    stage.service.stamp("one")
    await settled(phone)
    return phone


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.INTEGER_TAG, DeviceLogKind.MALFORMED_RESPONSE),
        (Fault.NO_TAG, DeviceLogKind.TAG_MISSING),
        (Fault.TAG_NEVER_MOVES, DeviceLogKind.TAG_SAME),
        (Fault.NO_LAST_MODIFIED, DeviceLogKind.LAST_MODIFIED_MISSING),
        (Fault.WRONG_SERIAL, DeviceLogKind.INVALID_PASS_DATA),
        (Fault.BROKEN_PASS, DeviceLogKind.INVALID_PASS_DATA),
        (Fault.FOREIGN_SERIAL_LISTED, DeviceLogKind.UNREGISTERED_SERIAL),
        (Fault.REFUSES_TOKEN, DeviceLogKind.AUTHENTICATION_FAILURE),
        (Fault.LIST_FAILS, DeviceLogKind.UNEXPECTED_RESPONSE_CODE),
        (Fault.GET_FAILS, DeviceLogKind.UNEXPECTED_RESPONSE_CODE),
    ],
)
async def test_a_fault_is_logged_as_a_device_logs_it(
    stage: Stage, fault: Fault, kind: DeviceLogKind
) -> None:
    """The phone counts the fault's kind and nothing else, and sends the line to the service."""
    phone = await stamped(stage, fault)

    assert list(phone.state.counters) == [kind]
    assert [classify(line) for line in stage.service.logs] == [kind] * len(phone.state.log)
    assert stage.service.logs


async def test_an_integer_tag_discards_the_whole_list(stage: Stage) -> None:
    """The phone keeps the old tag and the old pass."""
    phone = await stamped(stage, Fault.INTEGER_TAG)

    assert phone.state.links[0].tag == "1"
    assert stage.service.count("GET", "/passes/") == 2


async def test_a_push_without_news_is_spurious(stage: Stage) -> None:
    """A push after which nothing has changed is what Apple complains about most."""
    phone = await stage.phone_with("one")
    stage.service.push_for("one")
    await settled(phone)

    assert phone.state.counters == {DeviceLogKind.SPURIOUS_PUSH: 1}
    device = phone.state.links[0].device
    assert (
        "Device received spurious push. Request for passesUpdatedSince '1' returned no serial "
        f"numbers. (Device = {device})"
    ) in phone.state.log[0].text


async def test_a_listed_pass_that_is_the_same_is_unchanged(stage: Stage) -> None:
    """A 304 for a pass the server itself listed counts as unchanged."""
    phone = await stage.phone_with("one")
    stage.service.faults.add(Fault.LISTS_UNCHANGED)
    stage.service.push_for("one")
    await settled(phone)

    assert phone.state.counters == {DeviceLogKind.PASS_UNCHANGED: 1}


async def test_a_pass_sent_again_in_full_is_two_complaints(stage: Stage) -> None:
    """The same manifest with 200 means the server ignored If-Modified-Since as well."""
    phone = await stage.phone_with("one")
    stage.service.faults |= {Fault.LISTS_UNCHANGED, Fault.IGNORES_IF_MODIFIED_SINCE}
    stage.service.push_for("one")
    await settled(phone)

    assert phone.state.counters == {
        DeviceLogKind.PASS_UNCHANGED: 1,
        DeviceLogKind.IF_MODIFIED_SINCE_IGNORED: 1,
    }


async def test_no_content_on_delete_is_an_error_to_a_device(stage: Stage) -> None:
    """204 is retried like any other unexpected answer, then given up; the pass is gone anyway."""
    phone = await stage.phone_with("one")
    stage.service.faults.add(Fault.NO_CONTENT_ON_DELETE)
    phone.remove(phone.state.passes[0].key)
    await settled(phone)

    assert phone.state.counters == {DeviceLogKind.UNEXPECTED_RESPONSE_CODE: 3}
    assert "Unexpected response code 204" in phone.state.log[0].text
    assert (phone.state.passes, phone.state.farewells) == ([], [])


async def test_a_refused_registration_is_not_tried_again(stage: Stage) -> None:
    """401 is an authentication failure for good."""
    stage.service.faults.add(Fault.REFUSES_TOKEN)
    phone = await stage.phone_with("one")

    assert phone.state.counters == {DeviceLogKind.AUTHENTICATION_FAILURE: 1}
    assert phone.state.passes[0].registration == "failed"
    assert stage.service.count("GET", "/registrations/") == 0


async def test_no_line_holds_a_secret(stage: Stage) -> None:
    """Neither the authentication token nor the push token is written into the log."""
    phone = await stamped(stage, Fault.REFUSES_TOKEN)
    token = phone.state.passes[0].authentication_token
    assert token is not None

    written = "".join(stage.service.logs)
    assert token not in written
    assert phone.state.push_token not in written
