"""Remembers verified tokens until they expire, because a signature costs more than a stamp."""

import hashlib
from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from gateway.domain.errors import NotSignedIn
from gateway.web.identity.tokens import LIFETIME, AccessToken, Mint

TOKENS_MAX = 10_000
REVOCATIONS_MAX = 10_000


class TokenCache:
    """A bounded memory in front of a mint; the token longest unused is forgotten first."""

    def __init__(self, mint: Mint) -> None:
        """Start empty."""
        self._mint = mint
        self._known: OrderedDict[bytes, AccessToken] = OrderedDict()
        self._revoked: OrderedDict[UUID, datetime] = OrderedDict()

    def verify(self, token: str, now: datetime) -> AccessToken:
        """Return the claims of a current token; raises NotSignedIn for any other."""
        # The digest, so that a dump of this process holds no living token.
        name = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        access = self._known.get(name)
        if access is None or access.exp <= now.timestamp():
            self._known.pop(name, None)
            access = self._mint.verify(token, now)
            self._known[name] = access
        self._known.move_to_end(name)
        if len(self._known) > TOKENS_MAX:
            self._known.popitem(last=False)
        self._refuse_revoked(access)
        return access

    def revoke(self, subject: UUID, now: datetime) -> None:
        """Refuse every token of `subject` issued up to `now`, for as long as one could live."""
        self._revoked[subject] = now
        self._revoked.move_to_end(subject)
        while self._revoked and self._is_over(next(iter(self._revoked.values())), now):
            self._revoked.popitem(last=False)
        if len(self._revoked) > REVOCATIONS_MAX:
            self._revoked.popitem(last=False)

    def _is_over(self, revoked_at: datetime, now: datetime) -> bool:
        return now - revoked_at > LIFETIME

    def _refuse_revoked(self, access: AccessToken) -> None:
        revoked_at = self._revoked.get(access.sub)
        if revoked_at is not None and access.iat <= revoked_at.timestamp():
            raise NotSignedIn
