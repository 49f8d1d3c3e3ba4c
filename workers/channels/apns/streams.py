"""The pushes under way on one connection, by stream, until each is answered."""

import asyncio

from workers.channels.apns.frames import STREAM_ID_MAX
from workers.channels.apns.reactions import ACCEPTED, Answer, parse_answer
from workers.channels.apns.request import Push
from workers.channels.base import Temporary

BODY_BYTES_MAX = 4_096
FINAL_STATUS_MIN = 200


class Exchange:
    """A push under way, and the future that its answer or its misfortune settles."""

    __slots__ = ("answer", "deadline", "moved", "push", "said", "status")

    def __init__(
        self, push: Push, answer: "asyncio.Future[Answer | Temporary]", deadline: float
    ) -> None:
        self.push = push
        self.answer = answer
        self.deadline = deadline
        self.moved = False
        self.status = 0
        self.said = b""

    def settle(self, result: Answer | Temporary) -> None:
        """Answer the caller, if there still is one waiting."""
        if not self.answer.done():
            self.answer.set_result(result)


class Streams:
    """Numbers the streams of a connection and gathers their answers.

    An answer for a stream that is not here any more is no error: it was given up or moved.
    """

    def __init__(self) -> None:
        self._open: dict[int, Exchange] = {}
        self.next_id = 1

    def __len__(self) -> int:
        """Count the streams the server has not ended."""
        return len(self._open)

    @property
    def exhausted(self) -> bool:
        """Whether the 31 bits of stream numbers are used up (RFC 9113 §5.1.1)."""
        return self.next_id > STREAM_ID_MAX

    def begin(self, exchange: Exchange) -> int:
        """Give the push the next stream."""
        stream_id = self.next_id
        self.next_id = stream_id + 2
        self._open[stream_id] = exchange
        return stream_id

    def accept(self, stream_id: int) -> None:
        """End a stream with a plain 200."""
        exchange = self._open.pop(stream_id, None)
        if exchange is not None and not exchange.answer.done():
            exchange.answer.set_result(ACCEPTED)

    def take_head(self, stream_id: int, status: int | None, *, ends: bool) -> None:
        """Take the status of an answer; interim ones (1xx) and trailers change nothing."""
        exchange = self._open.get(stream_id)
        if exchange is None:
            return
        if status is not None and status >= FINAL_STATUS_MIN:
            exchange.status = status
        if ends:
            self._finish(stream_id, exchange)

    def take_body(self, stream_id: int, payload: bytes, *, ends: bool) -> None:
        """Take a part of an error body, as far as a reasonable one goes."""
        exchange = self._open.get(stream_id)
        if exchange is None:
            return
        exchange.said = (exchange.said + payload)[:BODY_BYTES_MAX]
        if ends:
            self._finish(stream_id, exchange)

    def fail(self, stream_id: int, why: Temporary) -> None:
        """End a stream without an answer."""
        exchange = self._open.pop(stream_id, None)
        if exchange is not None:
            exchange.settle(why)

    def fail_all(self, why: Temporary) -> None:
        """End every stream without an answer."""
        for stream_id in list(self._open):
            self.fail(stream_id, why)

    def take_out(self, stream_id: int) -> list[Exchange]:
        """Remove a stream that the server did not process; empty if it is not open."""
        exchange = self._open.pop(stream_id, None)
        return [] if exchange is None else [exchange]

    def take_out_above(self, last_stream_id: int) -> list[Exchange]:
        """Remove the streams that a GOAWAY says were not processed."""
        unprocessed = [stream_id for stream_id in self._open if stream_id > last_stream_id]
        return [self._open.pop(stream_id) for stream_id in unprocessed]

    def late(self, now: float) -> list[int]:
        """Name the streams whose deadline has passed."""
        return [key for key, exchange in self._open.items() if exchange.deadline <= now]

    def _finish(self, stream_id: int, exchange: Exchange) -> None:
        del self._open[stream_id]
        exchange.settle(parse_answer(exchange.status, exchange.said))
