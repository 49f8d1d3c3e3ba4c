"""References by which shops and tills name what they tell of, so that two look like two."""

import re

from gateway.domain.errors import Refusal

_VISIBLE = re.compile(r"[!-~]+")


class ReferenceInvalid(Refusal):
    """A reference begins and ends with something that can be seen, and hides nothing between."""

    code = "reference_invalid"


def check_reference(reference: str, pointer: str) -> None:
    """Raise `ReferenceInvalid` for a reference that looks like another one.

    That is one with white space around it, or with anything in it that nobody sees: told of with
    and without it, one receipt would be two. `pointer` is where it stood (RFC 6901).
    """
    if reference != reference.strip() or not reference.isprintable():
        raise _invalid(pointer, "Please leave out white space around it, and hidden characters.")


def check_guid(guid: str, pointer: str) -> None:
    """Raise `ReferenceInvalid` for a GUID that is not of visible ASCII characters alone."""
    if not _VISIBLE.fullmatch(guid):
        raise _invalid(pointer, "Please use visible ASCII characters alone, and no white space.")


def _invalid(pointer: str, detail: str) -> ReferenceInvalid:
    return ReferenceInvalid(errors=[{"pointer": pointer, "detail": detail}])
