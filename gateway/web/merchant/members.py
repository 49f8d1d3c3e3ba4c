"""Members: who holds a card, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from aiohttp import web

from gateway.domain.progress import Progress, progress_of
from gateway.domain.ready import ready_rewards
from gateway.presenters.card_face import tier_name
from gateway.services.merchants.overseeing import MEMBERS_PAGE_ROWS, Membership, list_members
from gateway.web.keys import PRINCIPAL, RESOURCES, WIRING
from gateway.web.pages.render import page
from gateway.web.parsing import cursors
from gateway.web.refusals import CursorInvalid

CURSOR_CHARACTERS_MAX = 200
_LIST = "members"


class MembersQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the list."""

    after: Annotated[str, msgspec.Meta(max_length=CURSOR_CHARACTERS_MAX)] = ""
    program: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A member as the list shows them."""

    membership: Membership
    progress: Progress
    rewards_ready: int
    tier: str | None

    @property
    def contact(self) -> str:
        """The address, masked."""
        contact = self.membership.customer.contact
        return contact.masked if contact else "erased"


async def members(request: web.Request, asked: MembersQuery) -> web.Response:
    """List the members."""
    after = _open(request, asked.after) if asked.after else None
    async with request.app[RESOURCES].units(request[PRINCIPAL].merchant_id) as unit:
        merchant = await unit.merchants.me()
        found = await list_members(unit, after, asked.program)
    return page(
        request,
        "merchant/members.html",
        merchant=merchant,
        lines=[_line(membership) for membership in found],
        program_id=asked.program,
        next_page=_seal(request, found[-1]) if len(found) == MEMBERS_PAGE_ROWS else None,
        is_first_page=after is None,
    )


def _line(membership: Membership) -> Line:
    card, plan = membership.card, membership.program.version.plan
    return Line(
        membership,
        progress_of(plan, card.balances, card.memory),
        sum(ready.count for ready in ready_rewards(plan, card.balances)),
        tier_name(plan, card.tier),
    )


def _seal(request: web.Request, last: Membership) -> str:
    position = f"{last.card.opened_at.isoformat()}|{last.card.id}"
    return cursors.encode(position, key=request.app[WIRING].cursor_key, purpose=_LIST)


def _open(request: web.Request, cursor: str) -> tuple[datetime, UUID]:
    position = cursors.decode(cursor, key=request.app[WIRING].cursor_key, purpose=_LIST)
    moment, _, card_id = position.partition("|")
    try:
        return datetime.fromisoformat(moment), UUID(card_id)
    except ValueError:
        raise CursorInvalid from None
