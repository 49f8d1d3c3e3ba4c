"""The requests an iPhone makes to a pass web service, byte for byte as `passd` makes them.

https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import aiohttp
from yarl import URL

from passes.apple.device_log import DeviceLogKind
from sandbox.phone.log import TaskError
from sandbox.phone.state import WebServiceLink

PASS_BYTES_MAX = 10 * 1024 * 1024
ANSWER_BYTES_MAX = 1024 * 1024
ONLINE_CHECK_S = 0.5
USER_AGENT = "passd/1.0 CFNetwork/3860.100.1 Darwin/26.0.0"
PASS_CONTENT_TYPE = "application/vnd.apple.pkpass"  # noqa: S105 - a pass, not a password

# What Foundation leaves alone in a path and in a query; `+`, `&` and `=` travel raw in a tag.
_PATH_SAFE = "-._~!$&'()*+,;=:@/"
_QUERY_SAFE = "-._~!$&'()*+,;=:@/?"


@dataclass(frozen=True, slots=True)
class Changes:
    """The answer to "what changed?": serial numbers and the tag, if the server sent one."""

    serials: tuple[str, ...]
    tag: str | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A pass the server sent, and its `Last-Modified` as it stood in the answer."""

    package: bytes
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class WebServiceRequests:
    """Speaks to pass web services, and only to those under one origin.

    A pass names the address itself, and the sandbox must not become a way into the machine's
    other services.
    """

    def __init__(self, session: aiohttp.ClientSession, origin: URL) -> None:
        self._session = session
        self._origin = origin.origin()

    def may_reach(self, address: str) -> bool:
        """Whether `address` lies under the one origin phones may speak to."""
        try:
            return URL(address).origin() == self._origin
        except ValueError:
            return False

    async def until_online(self) -> None:
        """Wait until somebody listens at the one origin."""
        while True:
            try:
                _, writer = await asyncio.open_connection(self._origin.host, self._origin.port)
            except OSError:
                await asyncio.sleep(ONLINE_CHECK_S)
            else:
                writer.close()
                return

    async def download(self, address: str) -> Answer:
        """Fetch what the browser was given to add. Raises `TaskError`."""
        return await self._send("GET", URL(address), {}, None, PASS_BYTES_MAX)

    async def register(
        self, link: WebServiceLink, serial: str, token: str, push_token: str
    ) -> int:
        """Ask to be told of changes; returns 201 or 200. Raises `TaskError`."""
        body = json.dumps({"pushToken": push_token}).encode()
        answer = await self._send("POST", _registration(link, serial), _authorized(token), body)
        _expect(answer, (200, 201))
        return answer.status

    async def unregister(self, link: WebServiceLink, serial: str, token: str) -> None:
        """Ask to be left alone. Raises `TaskError`; a device reads 204 as an error too."""
        answer = await self._send("DELETE", _registration(link, serial), _authorized(token))
        _expect(answer, (200, 201))

    async def list_changes(self, link: WebServiceLink) -> Changes:
        """Ask what changed since the stored tag. Raises `TaskError`."""
        path = f"/v1/devices/{_component(link.device)}/registrations/{_component(link.pass_type)}"
        if link.tag is not None:
            path += f"?passesUpdatedSince={quote(link.tag, safe=_QUERY_SAFE)}"
        answer = await self._send("GET", _address(link.url, path), {})
        _expect(answer, (200, 204))
        if answer.status == 204:  # noqa: PLR2004
            return Changes((), None)
        return parse_changes(answer.body)

    async def get_pass(
        self, link: WebServiceLink, serial: str, token: str, last_modified: str | None
    ) -> Delivered | None:
        """Fetch a pass unless it is the one last seen (None). Raises `TaskError`."""
        headers = _authorized(token)
        if last_modified is not None:
            headers["If-Modified-Since"] = last_modified
        path = f"/v1/passes/{_component(link.pass_type)}/{_component(serial)}"
        address = _address(link.url, path)
        answer = await self._send("GET", address, headers, None, PASS_BYTES_MAX)
        _expect(answer, (200, 304))
        if answer.status == 304:  # noqa: PLR2004
            return None
        return Delivered(answer.body, answer.headers.get("Last-Modified"))

    async def send_log(self, url: str, lines: Sequence[str]) -> None:
        """Tell the web service what went wrong. Raises `TaskError`."""
        body = json.dumps({"logs": list(lines)}).encode()
        _expect(await self._send("POST", _address(url, "/v1/log"), {}, body), (200,))

    async def _send(
        self,
        method: str,
        address: URL,
        headers: Mapping[str, str],
        body: bytes | None = None,
        bytes_max: int = ANSWER_BYTES_MAX,
    ) -> Answer:
        if not self.may_reach(str(address)):
            raise TaskError(DeviceLogKind.CONNECTION_ERROR, "Connection error")
        sent = {"User-Agent": USER_AGENT, "Accept": "*/*", **headers}
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            async with self._session.request(
                method, address, headers=sent, data=body, allow_redirects=False
            ) as response:
                return Answer(response.status, response.headers, await _read(response, bytes_max))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TaskError(DeviceLogKind.CONNECTION_ERROR, "Connection error") from error


def parse_changes(body: bytes) -> Changes:
    """Read a list as a device does: one value of the wrong type discards all of it.

    Raises `TaskError` of kind malformed.
    """
    malformed = TaskError(DeviceLogKind.MALFORMED_RESPONSE, "Server response was malformed")
    try:
        document = json.loads(body)
    except ValueError as error:
        raise malformed from error
    if not isinstance(document, dict):
        raise malformed
    serials = document.get("serialNumbers", [])
    tag = document.get("lastUpdated")
    if not isinstance(serials, list) or not all(isinstance(each, str) for each in serials):
        raise malformed
    if tag is not None and not isinstance(tag, str):
        raise malformed
    return Changes(tuple(serials), tag)


def _expect(answer: Answer, statuses: Sequence[int]) -> None:
    if answer.status in statuses:
        return
    if answer.status == 401:  # noqa: PLR2004
        raise TaskError(DeviceLogKind.AUTHENTICATION_FAILURE, "Authentication failure")
    reason = f"Unexpected response code {answer.status}"
    raise TaskError(DeviceLogKind.UNEXPECTED_RESPONSE_CODE, reason)


async def _read(response: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    pieces = bytearray()
    async for piece in response.content.iter_any():
        pieces += piece
        if len(pieces) > bytes_max:
            reason = f"the answer is larger than {bytes_max} bytes"
            raise TaskError(DeviceLogKind.MALFORMED_RESPONSE, reason)
    return bytes(pieces)


def _authorized(token: str) -> dict[str, str]:
    return {"Authorization": f"ApplePass {token}"}


def _registration(link: WebServiceLink, serial: str) -> URL:
    device, pass_type = _component(link.device), _component(link.pass_type)
    path = f"/v1/devices/{device}/registrations/{pass_type}/{_component(serial)}"
    return _address(link.url, path)


def _address(url: str, path: str) -> URL:
    return URL(url.rstrip("/") + path, encoded=True)


def _component(value: str) -> str:
    # A device encodes a component and hands it to a call that encodes it again: anything that
    # needs encoding arrives broken, which is why serial numbers must not need it.
    return quote(quote(value, safe=_PATH_SAFE), safe=_PATH_SAFE)
