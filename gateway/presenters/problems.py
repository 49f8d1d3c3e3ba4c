"""A refusal as an RFC 9457 problem, with the one table of kinds and statuses."""

from collections.abc import Mapping
from http import HTTPStatus

from gateway.domain.errors import Kind, Refusal

STATUS_OF_KIND: Mapping[Kind, HTTPStatus] = {
    Kind.INVALID: HTTPStatus.BAD_REQUEST,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.STALE: HTTPStatus.PRECONDITION_FAILED,
    Kind.REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
}


def problem(refusal: Refusal, status: HTTPStatus | None = None) -> dict[str, object]:
    """Return the problem's members; what the refusal knows in detail are extension members.

    The type is a relative reference to the page that explains the code
    (https://www.rfc-editor.org/rfc/rfc9457#section-3.1.1).
    """
    status = status or STATUS_OF_KIND[refusal.kind]
    return dict(refusal.detail) | {
        "type": f"/api#{refusal.code}",
        "title": status.phrase,
        "status": int(status),
        "detail": refusal.sentence,
        "code": refusal.code,
    }
