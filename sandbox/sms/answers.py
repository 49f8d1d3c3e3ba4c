"""How Twilio and Vonage say no, and what the stand-in can be told to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web


class Misbehaviour(StrEnum):
    """What happens to the next message instead of its delivery."""

    THROTTLE = "too-many-requests"
    REFUSE_LOGIN = "wrong-login"
    BREAK = "server-error"
    UNAVAILABLE = "unavailable"
    OPTED_OUT = "opted-out"
    INVALID_NUMBER = "invalid-number"
    # Recorded and on its way, but the caller never learns of it.
    HANG_AFTER_TAKING = "hang-after-taking"
    # Taken, and reported as failed.
    FAIL_LATER = "fail-later"


@dataclass(frozen=True, slots=True)
class No:
    """A refusal in both providers' numbers: status, Twilio's code, Vonage's code."""

    status: int
    twilio: int
    vonage: int


# https://www.twilio.com/docs/api/errors, https://developer.vonage.com/en/api-errors/messages
REFUSALS: Mapping[Misbehaviour, No] = {
    Misbehaviour.THROTTLE: No(429, 20429, 1000),
    Misbehaviour.REFUSE_LOGIN: No(401, 20003, 0),
    Misbehaviour.BREAK: No(500, 20500, 1030),
    Misbehaviour.UNAVAILABLE: No(503, 20503, 1100),
    Misbehaviour.OPTED_OUT: No(400, 21610, 1050),
    Misbehaviour.INVALID_NUMBER: No(400, 21211, 1040),
}
WRONG_LOGIN = REFUSALS[Misbehaviour.REFUSE_LOGIN]
WRONG_PARAMETER = No(400, 21602, 1020)


def twilio_no(no: No, detail: str) -> web.Response:
    """Answer as Twilio does: https://www.twilio.com/docs/usage/twilios-response."""
    said = {
        "code": no.twilio,
        "message": detail,
        "more_info": f"https://www.twilio.com/docs/errors/{no.twilio}",
        "status": no.status,
    }
    return web.json_response(said, status=no.status)


def vonage_no(no: No, detail: str) -> web.Response:
    """Answer with a problem (RFC 7807) as Vonage does."""
    page = "https://developer.vonage.com/api-errors"
    kind = f"{page}/messages#{no.vonage}" if no.vonage else f"{page}#unauthorized"
    status = 422 if no.status == web.HTTPBadRequest.status_code else no.status
    said = {"type": kind, "title": "No", "detail": detail, "instance": "sandbox"}
    return web.json_response(said, status=status, content_type="application/problem+json")
