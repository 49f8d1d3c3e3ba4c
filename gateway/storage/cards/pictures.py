"""Pictures of rewards by the address that a merchant gave, and by the name we serve them under."""

import hashlib
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import NotFound
from gateway.storage.tables import reward_pictures, rewards

DIGEST_CHARACTERS = 32

_PICTURES = reward_pictures.c
_DONE = {"due_at": None, "tries": 0, "reason": None}
_DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_CHARACTERS}}}", re.ASCII)


class Pictures:
    """The pictures of the merchant's rewards."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def want(self, address: str, now: datetime) -> None:
        """Have what is at an address fetched, again if it was before: it may be another by now."""
        wanted = {"due_at": now, "tries": 0, "reason": None}
        statement = insert(reward_pictures).values(
            merchant_id=self._merchant_id, address=address, **wanted
        )
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["merchant_id", "address"], set_=wanted)
        )

    async def drop_unused(self) -> None:
        """Forget what no reward on the shelf names any more.

        What somebody else wants at this moment stays, and is looked at with the next change: their
        reward cannot be seen yet.
        """
        is_named = exists().where(
            and_(
                rewards.c.merchant_id == self._merchant_id,
                rewards.c.image == _PICTURES.address,
                rewards.c.deleted_at.is_(None),
            )
        )
        unused = (_PICTURES.merchant_id == self._merchant_id, ~is_named)
        held = await self._connection.execute(
            select(_PICTURES.address).where(*unused).with_for_update(skip_locked=True)
        )
        # Looked at anew: who was faster than the lock has told by now which reward wants it.
        await self._connection.execute(
            delete(reward_pictures).where(*unused, _PICTURES.address.in_(held.scalars().all()))
        )

    async def keep(self, address: str, content: bytes) -> None:
        """Keep the picture of an address, unless nobody wants it any more."""
        digest = hashlib.sha256(content).hexdigest()[:DIGEST_CHARACTERS]
        await self._write(address, **_DONE, content=content, digest=digest)

    async def put_off(
        self, address: str, reason: str, tries: int, due_at: datetime | None
    ) -> None:
        """Remember that there was no picture, and when to try again; an older one stays."""
        await self._write(address, due_at=due_at, reason=reason, tries=tries)

    async def kept(self, addresses: Collection[str]) -> Mapping[str, str]:
        """Return under which names we serve what is at these addresses, as far as we have it."""
        if not addresses:
            return {}
        found = await self._connection.execute(
            select(_PICTURES.address, _PICTURES.digest).where(
                _PICTURES.merchant_id == self._merchant_id,
                _PICTURES.address.in_(sorted(addresses)),
                _PICTURES.digest.is_not(None),
            )
        )
        return {row.address: row.digest for row in found}

    async def content(self, digest: str) -> bytes:
        """Return a picture by its name; raises `NotFound`."""
        found = await self._connection.execute(
            select(_PICTURES.content)
            .where(_PICTURES.merchant_id == self._merchant_id, _PICTURES.digest == digest)
            .limit(1)
        )
        content: bytes | None = found.scalar()
        if content is None:
            raise NotFound
        return content

    async def _write(self, address: str, **values: object) -> None:
        await self._connection.execute(
            update(reward_pictures)
            .where(_PICTURES.merchant_id == self._merchant_id, _PICTURES.address == address)
            .values(**values)
        )


def is_digest(name: str) -> bool:
    """Say whether this could be the name of a picture."""
    return _DIGEST.fullmatch(name) is not None
