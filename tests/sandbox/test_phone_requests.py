"""The bytes of a device's requests and how it reads the answers."""

import aiohttp
import pytest
from yarl import URL

from passes.apple.device_log import DeviceLogKind
from sandbox.phone.log import TaskError
from sandbox.phone.requests import Changes, WebServiceRequests, parse_changes
from sandbox.phone.state import WebServiceLink
from tests.sandbox.conftest import Stage


async def asked_with(stage: Stage, tag: str) -> str:
    link = WebServiceLink(
        url=stage.service.public_url + "/", pass_type="pass.a.b", device="device", tag=tag
    )
    async with aiohttp.ClientSession() as session:
        requests = WebServiceRequests(session, URL(stage.service.public_url))
        with pytest.raises(TaskError):
            await requests.list_changes(link)
    return stage.service.requests[-1].raw_path


async def test_a_tag_travels_with_its_plus_raw(stage: Stage) -> None:
    """A device leaves `+`, `&` and `=` alone, so an ISO date as a tag arrives broken."""
    path = await asked_with(stage, "2026-11-21T08:03:13+00:00 é")
    assert path == (
        "/v1/devices/device/registrations/pass.a.b"
        "?passesUpdatedSince=2026-11-21T08:03:13+00:00%20%C3%A9"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"[]",
        b'{"serialNumbers": ["a"], "lastUpdated": 7}',
        b'{"serialNumbers": [7], "lastUpdated": "7"}',
        b'{"serialNumbers": "a", "lastUpdated": "7"}',
    ],
)
def test_one_wrong_type_discards_a_list(body: bytes) -> None:
    """Serial numbers are strings and so is the tag."""
    with pytest.raises(TaskError) as caught:
        parse_changes(body)
    assert caught.value.kind is DeviceLogKind.MALFORMED_RESPONSE


def test_a_list_is_read() -> None:
    """Serial numbers in order, and the tag."""
    body = b'{"serialNumbers": ["b", "a"], "lastUpdated": "7"}'
    assert parse_changes(body) == Changes(("b", "a"), "7")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/card.pkpass",
        "http://localhost:8080/card.pkpass",
        "https://127.0.0.1:8080/card.pkpass",
        "http://127.0.0.1:8080@example.com/card.pkpass",
        "file:///etc/passwd",
        "//127.0.0.1:8080/card.pkpass",
        "",
    ],
)
async def test_a_phone_reaches_one_origin_only(address: str) -> None:
    """Neither another port, scheme or host nor an address without one is asked."""
    async with aiohttp.ClientSession() as session:
        requests = WebServiceRequests(session, URL("http://127.0.0.1:8080"))
        assert not requests.may_reach(address)
        assert requests.may_reach("http://127.0.0.1:8080/card.pkpass")
