"""The stand-in's side of one HTTP/2 connection."""

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from cryptography import x509
from cryptography.x509.oid import NameOID
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, PingReceived, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from sandbox.apns.checks import PAYLOAD_BYTES_MAX, Request
from sandbox.apns.commands import Command, Drop, GoAway, Reset, Say, Silence, Slow

# 8 bytes, type 7, no flags, stream 0; the last stream and the error code (none) follow.
GOAWAY_START = b"\x00\x00\x08\x07\x00" + bytes(4)

Judge = Callable[[Request], Command]


@dataclass(slots=True)
class _Arriving:
    headers: dict[str, str]
    body: bytes = field(default=b"")


class ServerConnection(asyncio.Protocol):
    """Hands whole requests to `judge` and does what it commands."""

    def __init__(self, judge: Judge, settings: dict[SettingCodes, int]) -> None:
        self._judge = judge
        self._settings = settings
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self._arriving: dict[int, _Arriving] = {}
        self._processed = 0
        self._going_away = False
        self._certificate_topic: str | None = None
        self.pings = 0
        self._transport: asyncio.Transport | None = None
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the client and see who it says it is."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is of another class
        self._certificate_topic = _topic_of(transport.get_extra_info("ssl_object"))
        self._h2.local_settings = Settings(client=False, initial_values=self._settings)
        self._h2.initiate_connection()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Let a stop of the server go on."""
        if not self.closed.done():
            self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Handle what the client sent."""
        try:
            events = self._h2.receive_data(data)
        except ProtocolError:
            self._flush()
            self.drop()
            return
        for event in events:
            self._on_event(event)
        self._flush()

    def change_settings(self, settings: dict[SettingCodes, int]) -> None:
        """Tell the client new settings in the middle of the conversation."""
        self._h2.update_settings(dict(settings.items()))
        self._flush()

    def freeze(self) -> None:
        """Read nothing more."""
        if self._transport is not None:
            self._transport.pause_reading()

    def drop(self) -> None:
        """Cut the connection."""
        if self._transport is not None:
            self._transport.abort()

    def _on_event(self, event: Event) -> None:
        match event:
            case RequestReceived(stream_id=stream_id, headers=headers):
                self._arriving[stream_id] = _Arriving({str(k): str(v) for k, v in headers})
            case DataReceived(stream_id=stream_id, data=data, flow_controlled_length=taken):
                self._on_data(stream_id, data, taken)
            case StreamReset(stream_id=stream_id):
                self._arriving.pop(stream_id, None)
            case StreamEnded(stream_id=stream_id) if not self._going_away:
                arrived = self._arriving.pop(stream_id)
                request = Request(arrived.headers, arrived.body, self._certificate_topic)
                self._obey(stream_id, request, self._judge(request))
            case PingReceived():
                self.pings += 1
            case _:
                pass

    def _on_data(self, stream_id: int, data: bytes, taken: int) -> None:
        self._h2.acknowledge_received_data(taken, stream_id)
        arriving = self._arriving[stream_id]
        arriving.body = (arriving.body + data)[: PAYLOAD_BYTES_MAX + 1]

    def _obey(self, stream_id: int, request: Request, command: Command) -> None:
        match command:
            case Say():
                self._say(stream_id, request, command)
            case Slow(seconds=seconds):
                loop = asyncio.get_running_loop()
                loop.call_later(seconds, self._say_late, stream_id, request)
            case Reset(code=code):
                self._h2.reset_stream(stream_id, code)
            case GoAway():
                self._go_away()
            case Drop():
                self.drop()
            case Silence():
                pass
        if not self._going_away:
            self._processed = stream_id

    def _say(self, stream_id: int, request: Request, answer: Say) -> None:
        body = _body(answer)
        headers = [(":status", str(answer.status))]
        if "apns-id" in request.headers:
            headers.append(("apns-id", request.headers["apns-id"]))
        if answer.filler_bytes:
            headers.append(("filler", "x" * answer.filler_bytes))
        self._h2.send_headers(stream_id, headers, end_stream=not body)
        if body:
            self._h2.send_data(stream_id, body, end_stream=True)

    def _say_late(self, stream_id: int, request: Request) -> None:
        if self.closed.done():
            return
        try:
            self._say(stream_id, request, Say(200))
        except ProtocolError:  # the client gave the stream up meanwhile
            return
        self._flush()

    def _go_away(self) -> None:
        """Write the frame ourselves: h2 would take the connection for closed."""
        self._flush()
        if self._transport is not None:
            self._transport.write(GOAWAY_START + self._processed.to_bytes(4) + bytes(4))
        self._going_away = True

    def _flush(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._h2.data_to_send())


def _body(answer: Say) -> bytes:
    if answer.body is not None:
        return answer.body
    if not answer.reason:
        return b""
    said: dict[str, str | int] = {"reason": answer.reason}
    if answer.timestamp_ms is not None:
        said["timestamp"] = answer.timestamp_ms
    return json.dumps(said).encode()


def _topic_of(tls: ssl.SSLObject) -> str | None:
    certificate = tls.getpeercert(binary_form=True)
    if certificate is None:
        return None
    subject = x509.load_der_x509_certificate(certificate).subject
    return next((str(name.value) for name in subject.get_attributes_for_oid(NameOID.USER_ID)), "")
