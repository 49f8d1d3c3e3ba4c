"""Hashing of PINs and passwords, in threads, and few at a time."""

import asyncio
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIBIBYTES = 19 * 1024
PASSES = 2
AT_ONCE_MAX = 2


class SecretHasher:
    """argon2id as OWASP asks for it, over an HMAC with a pepper that is not in the database.

    Without the pepper a copy of the database gives up a four-digit PIN in a second.
    https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    """

    def __init__(self, pepper: bytes) -> None:
        """Take the pepper."""
        self._pepper = pepper
        self._argon2 = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIBIBYTES, parallelism=1
        )
        self._places = asyncio.Semaphore(AT_ONCE_MAX)

    async def hash(self, secret: str) -> str:
        """Return what to keep of a secret."""
        async with self._places:
            return await asyncio.to_thread(self._argon2.hash, self._peppered(secret))

    async def matches(self, kept: str | None, secret: str) -> bool:
        """Say whether this is the secret; takes as long when there is nothing to compare with."""
        async with self._places:
            return await asyncio.to_thread(self._matches, kept, secret)

    def _matches(self, kept: str | None, secret: str) -> bool:
        peppered = self._peppered(secret)
        if kept is None:
            self._argon2.hash(peppered)
            return False
        try:
            return self._argon2.verify(kept, peppered)
        except (VerificationError, InvalidHashError):
            return False

    def _peppered(self, secret: str) -> bytes:
        return hmac.digest(self._pepper, secret.encode(), "sha256")
