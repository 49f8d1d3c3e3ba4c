"""Where a request came from, as the ledger keeps it with what was changed."""

from aiohttp import web

from gateway.domain.people import Origin
from gateway.web.keys import CLIENT_ADDRESS, REQUEST_ID, ROUTE

USER_AGENT_CHARACTERS_MAX = 200


def origin(request: web.Request) -> Origin:
    """Return the door, address, agent and request id of a request."""
    agent = request.headers.get("User-Agent", "")[:USER_AGENT_CHARACTERS_MAX]
    # Header bytes that are not UTF-8 arrive as surrogates, which no database takes.
    readable = agent.encode("utf-8", "replace").decode() or None
    return Origin(
        source=request[ROUTE].access.door,
        remote_address=request[CLIENT_ADDRESS],
        user_agent=readable,
        request_id=request[REQUEST_ID],
    )
