"""The shop that is measured: one merchant, many stamp cards that may be stamped without end."""

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import asyncpg

from benchmarks.installation import Installation
from gateway.domain.business_day import BusinessClock
from gateway.domain.people import Origin, Permission, Principal
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion
from gateway.domain.rules.plan import DAILY_LIMIT_MAX, Limits, Plan
from gateway.domain.rules.promises import FreeItem
from gateway.domain.rules.stamps import StampRule
from gateway.domain.rules.tiers import TierRule
from gateway.resources import Resources, new_id, new_secret
from gateway.services.cards.commands import StampCard
from gateway.services.people.api_keys import KeyMaker, issue_api_key, write_api_key
from gateway.services.wallets.issuing import ensure_pass
from gateway.storage.people.merchants import Location, Merchant, PassType
from gateway.storage.wallets.passes import StoredPass
from sandbox.certificates import TEAM_IDENTIFIER
from sandbox.installation import DEMO_PASS_TYPE

SLUG = "here"
CARDS = 20_000
CLOCK = BusinessClock(time_zone="Europe/Luxembourg", cutoff_hour=4)
ORIGIN = Origin(source="staff", remote_address="192.0.2.1", user_agent="benchmark")
PLAN = Plan(
    rules=(StampRule(stamps_required=10, reward=FreeItem(description="Coffee")),),
    limits=Limits(cooldown_minutes=0, daily_limit=DAILY_LIMIT_MAX),
)
SQL = Path(__file__).with_name("stamps.sql")


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant's cards, and who stamps them."""

    resources: Resources
    principal: Principal
    location_id: UUID
    program: Program
    rewards: list[UUID]
    cards: list[UUID]

    def command(self, card_id: UUID) -> StampCard:
        """Return a stamp as a till asks for it, with a key of its own."""
        return StampCard(
            principal=self.principal,
            origin=ORIGIN,
            key=new_id().hex,
            fingerprint=b"f" * 32,
            card_id=card_id,
            location_id=self.location_id,
            clock=CLOCK,
        )

    async def api_key(self) -> str:
        """Make an API key that may do everything."""
        maker = KeyMaker(actor="bench", origin=ORIGIN, new_id=new_id, new_secret=new_secret)
        async with self.resources.units(self.principal.merchant_id) as unit:
            everything = frozenset(Permission)
            return write_api_key(await issue_api_key(unit, "bench", everything, maker))

    async def issued(self, card_id: UUID) -> StoredPass:
        """Give a card its pass."""
        async with self.resources.units(self.principal.merchant_id) as unit:
            return await ensure_pass(self.resources.passes, unit, card_id)


async def open_shop(
    resources: Resources,
    installation: Installation,
    *,
    cards: int = CARDS,
    plan: Plan = PLAN,
) -> Shop:
    """Keep a merchant with a program without cooldown, and so many cards."""
    shop = await open_merchant(resources, plan=plan)
    pass_type = PassType(
        identifier=DEMO_PASS_TYPE,
        merchant_id=shop.principal.merchant_id,
        team_identifier=TEAM_IDENTIFIER,
        organization_name="Here",
    )
    async with resources.units(shop.principal.merchant_id) as unit:
        await unit.merchants.add_pass_type(pass_type)
    added = await add_cards(shop, installation.superuser_url, cards)
    return replace(shop, cards=added)


async def open_merchant(resources: Resources, *, plan: Plan = PLAN, slug: str = SLUG) -> Shop:
    """Keep a merchant with a program that nobody has a card of yet."""
    merchant = Merchant(id=new_id(), slug=slug, name="Here", country="LU", language="en")
    location = Location(id=new_id(), name="Here", code="HERE", clock=CLOCK)
    version = ProgramVersion(
        id=new_id(), program_id=new_id(), number=1, name="Card", plan=plan, look=Look()
    )
    program = Program(
        id=version.program_id, status=ProgramStatus.ACTIVE, revision=1, version=version
    )
    async with resources.units(merchant.id) as unit:
        await unit.merchants.add(merchant, unit.now)
        await unit.merchants.add_location(location, unit.now)
        await unit.programs.add(program, unit.now)
        await unit.programs.add_version(version, None, unit.now)
        rewards = await unit.rewards.add_promised(version, new_id, unit.now)
    principal = Principal(
        merchant_id=merchant.id,
        name="till:bench",
        permissions=frozenset(Permission),
        location_id=location.id,
    )
    promised = [reward.id for reward in rewards]
    return Shop(resources, principal, location.id, program, promised, cards=[])


async def add_cards(shop: Shop, superuser_url: str, cards: int) -> list[UUID]:
    """Give the shop so many new cards, with their accounts, and return them."""
    merchant_id, program = shop.principal.merchant_id, shop.program
    rules = program.version.plan.rules
    unit = next(rule.unit for rule in rules if not isinstance(rule, TierRule))
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute(SQL.read_text())
        await connection.execute(
            "SELECT bench_cards($1, $2, $3, $4)", merchant_id, program.id, cards, unit
        )
        await connection.execute("VACUUM ANALYZE")
        rows = await connection.fetch(
            "SELECT card_id FROM bench_numbers WHERE merchant_id = $1 ORDER BY n DESC LIMIT $2",
            merchant_id,
            cards,
        )
    finally:
        await connection.close()
    return [row["card_id"] for row in rows]
