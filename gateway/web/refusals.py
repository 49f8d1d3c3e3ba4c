"""Refusals that only a door can give, because only a door knows HTTP."""

from typing import ClassVar

from gateway.domain.errors import Invalid, Kind, NotAllowed, Refusal


class DoorRefusal(Refusal):
    """This request cannot be answered."""

    code = "not_answered"
    kind = Kind.INVALID
    status: ClassVar[int] = 400


class MethodNotAllowed(DoorRefusal):
    """This address does not take that method."""

    code = "method_not_allowed"
    status = 405


class BodyTooSlow(DoorRefusal):
    """The request took too long to arrive."""

    code = "body_too_slow"
    status = 408


class BodyTooLarge(DoorRefusal):
    """The request is larger than this address accepts."""

    code = "body_too_large"
    status = 413


class UnsupportedMediaType(DoorRefusal):
    """This address does not read that content type."""

    code = "unsupported_media_type"
    status = 415


class Unavailable(DoorRefusal):
    """Something we depend on does not answer. Please try again in a moment."""

    code = "unavailable"
    status = 503


class CrossSite(NotAllowed):
    """This form was not sent from our own page, or the page is too old. Please load it again."""

    code = "cross_site"


class BodyBroken(Invalid):
    """The request body did not arrive whole."""

    code = "body_broken"


class BodyInvalid(Invalid):
    """The body does not have the shape this address expects."""

    code = "body_invalid"


class QueryInvalid(Invalid):
    """The query parameters are not what this address expects."""

    code = "query_invalid"


class CursorInvalid(Invalid):
    """This cursor was not made by us, or for another list."""

    code = "cursor_invalid"


class IfMatchMissing(DoorRefusal):
    """This request needs an If-Match header with the ETag you saw, so that no change is lost."""

    code = "if_match_missing"
    status = 428


class IfMatchOfAnything(DoorRefusal):
    """If-Match: * would overwrite a change that nobody has seen. Please send the ETag you saw."""

    code = "if_match_of_anything"
    status = 428


class IdempotencyKeyMissing(Invalid):
    """This request needs an Idempotency-Key header, so that a retry is safe."""

    code = "idempotency_key_missing"


class IdempotencyKeyInvalid(Invalid):
    """The Idempotency-Key must be 1 to 255 visible ASCII characters."""

    code = "idempotency_key_invalid"


class JsonRefusal(Invalid):
    """The body is not acceptable JSON."""

    code = "json_invalid"


class JsonEncoding(JsonRefusal):
    """The body must be UTF-8 without a byte order mark."""

    code = "json_encoding"


class JsonDuplicateKey(JsonRefusal):
    """The same key occurs twice in one object."""

    code = "json_duplicate_key"


class JsonNumber(JsonRefusal):
    """Numbers must be finite, and integers between -(2^53 - 1) and 2^53 - 1."""

    code = "json_number"


class JsonText(JsonRefusal):
    """Text must not hold NUL characters or half of a surrogate pair."""

    code = "json_text"


class JsonTooDeep(JsonRefusal):
    """The body is nested too deeply."""

    code = "json_too_deep"
