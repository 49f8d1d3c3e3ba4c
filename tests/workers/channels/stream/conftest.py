"""The event stream's tests ask for a real server."""

from tests.nats import nats_server

__all__ = ["nats_server"]
