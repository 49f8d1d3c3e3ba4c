"""Entity tags: a revision as a strong ETag, and the If-Match a change must bring (RFC 9110)."""

import re

from aiohttp import web

from gateway.domain.errors import ChangedMeanwhile
from gateway.web.refusals import IfMatchMissing, IfMatchOfAnything

HEADER = "If-Match"

_TAG = re.compile(r'"(?P<revision>[0-9]{1,18})"')


def etag(revision: int) -> str:
    """Write a revision as a strong entity tag."""
    return f'"{revision}"'


def expected_revision(request: web.Request) -> int:
    """Return the revision the caller saw.

    Raises IfMatchMissing without one; IfMatchOfAnything for `*`, which matches whatever is there
    (RFC 9110 §13.1.1) and so would overwrite what nobody has seen; ChangedMeanwhile for any tag
    that we never gave, as a weak one.
    """
    sent = request.headers.getall(HEADER, [])
    if not sent or not sent[0].strip():
        raise IfMatchMissing
    if sent[0].strip() == "*":
        raise IfMatchOfAnything
    found = _TAG.fullmatch(sent[0].strip())
    if found is None or len(sent) > 1:
        raise ChangedMeanwhile
    return int(found["revision"])
