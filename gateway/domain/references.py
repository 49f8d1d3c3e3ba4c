"""References by which shops and tills name what they tell of, so that two look like two."""

import re
import unicodedata

from gateway.domain.errors import Refusal

_VISIBLE = re.compile(r"[!-~]+")
# Letters and marks that are drawn as nothing (Unicode's Default_Ignorable_Code_Point, of what
# Python calls printable), and the braille pattern without dots.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


class ReferenceInvalid(Refusal):
    """A reference begins and ends with something that can be seen, and hides nothing between."""

    code = "reference_invalid"


def check_reference(reference: str, pointer: str) -> None:
    """Raise `ReferenceInvalid` for a reference that looks like another one.

    That is one with white space around it, with anything in it that nobody sees, or with a letter
    in another spelling than NFC: told of in both ways, one receipt would be two. `pointer` is
    where it stood (RFC 6901).
    """
    is_bare = reference == reference.strip() and reference.isprintable()
    if not is_bare or _UNSEEN.search(reference):
        raise _invalid(pointer, "Please leave out white space around it, and hidden characters.")
    if not unicodedata.is_normalized("NFC", reference):
        raise _invalid(pointer, "Please write each letter with its accent as one (Unicode's NFC).")


def check_guid(guid: str, pointer: str) -> None:
    """Raise `ReferenceInvalid` for a GUID that is not of visible ASCII characters alone."""
    if not _VISIBLE.fullmatch(guid):
        raise _invalid(pointer, "Please use visible ASCII characters alone, and no white space.")


def _invalid(pointer: str, detail: str) -> ReferenceInvalid:
    return ReferenceInvalid(errors=[{"pointer": pointer, "detail": detail}])
