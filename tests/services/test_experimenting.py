"""Experimenting: each card keeps its variant, shares come out, and the end takes it all back."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.consents import Purpose
from gateway.domain.contacts import Contact, ContactKind
from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.experiments import Variant
from gateway.services.cards.enrolling import Enrolment, Makers, enrol
from gateway.services.merchants.designing import Author, design_of, publish_version
from gateway.services.merchants.experimenting import (
    AnotherRuns,
    Comparison,
    ExperimentCannot,
    Findings,
    create_experiment,
    findings,
    start_experiment,
    stop_experiment,
    tie_cards,
)
from gateway.storage.cards.experiments import HELD_OUT, Trial
from tests.database import Database
from tests.plans import stamp_plan
from tests.shops import ORIGIN, Shop, add_cards, body
from tests.waiting import until_it_waits

KEY = b"e" * 32
HALVES = Comparison(
    key="size",
    name="Six or eight",
    variants=(Variant(key="six", weight=4_000), Variant(key="eight", weight=4_000)),
    versions={"six": 2, "eight": 3},
    hold_out=2_000,
)
# What is drawn by lot is, once in a thousand times, as far off as what cannot be chance.
AS_PLANNED = """
    UPDATE cards SET variant = (ARRAY['size:six', 'size:six', 'size:eight', 'size:eight', 'size:'])
        [1 + n.number % 5]
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM cards
          WHERE variant IS NOT NULL) AS n
    WHERE cards.id = n.id
"""


async def test_cards_get_their_variants_for_good_and_give_them_back(bare_shop: Shop) -> None:
    """The same however often it is drawn; stamps count towards the variant's own goal."""
    cards = await add_cards(bare_shop, 60)
    trial = await _running(bare_shop)
    await _tie(bare_shop, cards)
    first = await _ties(bare_shop)
    await _tie(bare_shop, cards)
    assert await _ties(bare_shop) == first
    counted = Counter(variant for variant, _ in first.values())
    assert set(counted) == {"size:six", "size:eight", "size:", None}
    for variant, version in first.values():
        key = (variant or ":").partition(":")[2]
        assert version == trial.versions.get(key)

    six = next(card for card, tie in first.items() if tie[0] == "size:six")
    held = next(card for card, tie in first.items() if tie[0] == "size:")
    for card, goal in ((six, "1 of 6"), (held, "1 of 8")):
        (given,) = await bare_shop.stamp(bare_shop.stamp_command(card))
        progress = body(given)["progress"]
        assert isinstance(progress, dict)
        assert progress["text"] == goal

    await _stop(bare_shop, trial)
    await _tie(bare_shop, cards)
    after = await _ties(bare_shop)
    assert {version for _, version in after.values()} == {None}
    assert {card: tie[0] for card, tie in after.items()} == {
        card: tie[0] for card, tie in first.items()
    }


async def test_a_new_card_is_tied_when_it_is_opened(bare_shop: Shop) -> None:
    """To what a later look at it would draw again."""
    await _running(bare_shop)
    opened = [await _enrol(bare_shop, n) for n in range(12)]
    ties = {card: tie for card, tie in (await _ties(bare_shop)).items() if card in opened}
    assert None not in {variant for variant, _ in ties.values()}
    await _tie(bare_shop, opened)
    assert {card: (await _ties(bare_shop))[card] for card in opened} == ties


async def test_the_report_counts_each_variant_and_watches_the_shares(bare_shop: Shop) -> None:
    """Members, visits and rewards from the start on; shares that cannot be chance are told."""
    cards = await add_cards(bare_shop, 60)
    trial = await _running(bare_shop)
    await _tie(bare_shop, cards)
    await bare_shop.execute(AS_PLANNED)
    six = next(card for card, tie in (await _ties(bare_shop)).items() if tie[0] == "size:six")
    await bare_shop.fill(2, six)
    found = await _findings(bare_shop, trial)
    arms = {arm.key: arm for arm in found.arms}
    assert list(arms) == ["six", "eight", HELD_OUT]
    assert sum(arm.figures.members for arm in found.arms) == 60
    assert (arms["six"].figures.active, arms["eight"].figures.active) == (1, 0)
    assert arms["six"].figures.visits == 1
    assert not found.is_mismatch

    await bare_shop.execute("UPDATE cards SET variant = 'size:six' WHERE variant IS NOT NULL")
    found = await _findings(bare_shop, trial)
    assert found.is_mismatch
    assert found.p < 0.001


@pytest.mark.parametrize(("started_at", "active"), [("01:00", 1), ("05:00", 0)])
async def test_an_experiment_begins_with_the_shops_own_day(
    bare_shop: Shop, started_at: str, active: int
) -> None:
    """A visit of the night before counts where the shop's day was not over yet."""
    cards = await add_cards(bare_shop, 5)
    trial = await _running(bare_shop)
    await _tie(bare_shop, cards)
    await bare_shop.execute(AS_PLANNED)
    six = next(card for card, tie in (await _ties(bare_shop)).items() if tie[0] == "size:six")
    await bare_shop.fill(2, six)
    await bare_shop.execute("UPDATE card_days SET day = '2026-07-01'")
    begun = f"2026-07-02 {started_at} Europe/Luxembourg"
    await bare_shop.execute(f"UPDATE experiments SET started_at = '{begun}'")  # noqa: S608 -- ours
    async with bare_shop.database.units(bare_shop.merchant_id) as unit:
        trial = await unit.experiments.one(bare_shop.program.id, trial.experiment.id)
    found = await _findings(bare_shop, trial)
    assert sum(arm.figures.active for arm in found.arms) == active


async def test_one_experiment_runs_at_a_time(bare_shop: Shop) -> None:
    """Of two starts at once one wins; what ended does not begin again."""
    trial = await _running(bare_shop)
    other = await _create(bare_shop, replace(HALVES, key="other"))
    with pytest.raises(AnotherRuns):
        await _start(bare_shop, other)
    await _stop(bare_shop, trial)
    with pytest.raises(ChangedMeanwhile):
        await _stop(bare_shop, trial)
    with pytest.raises(ExperimentCannot):
        await _start(bare_shop, replace(trial, revision=3))
    results = await asyncio.gather(
        *(_start(bare_shop, other) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(each, Trial) for each in results) == 1


async def test_of_two_experiments_that_begin_at_once_one_runs(
    bare_shop: Shop, database: Database
) -> None:
    """Neither sees the other; who comes second hears that something changed meanwhile."""
    await _publish_two(bare_shop)
    first, second = [
        await _create(bare_shop, replace(HALVES, key=key)) for key in ("first", "second")
    ]
    watcher = await asyncpg.connect(database.superuser_dsn)
    units, (program_id, author) = (
        bare_shop.database.units,
        (bare_shop.program.id, _author(bare_shop)),
    )
    async with units(bare_shop.merchant_id) as unit:
        await start_experiment(unit, program_id, first.experiment.id, author, revision=1)
        starting = asyncio.create_task(_start(bare_shop, second))
        await until_it_waits(watcher, starting)
    with pytest.raises(ChangedMeanwhile):
        await starting
    await watcher.close()


async def test_what_cannot_be_compared_is_refused(bare_shop: Shop) -> None:
    """Shares that do not come out, versions that never were, and a key that is taken."""
    await _publish_two(bare_shop)
    with pytest.raises(ConfigurationInvalid):
        await _create(bare_shop, replace(HALVES, hold_out=1_000))
    with pytest.raises(NotFound):
        await _create(bare_shop, replace(HALVES, versions={"six": 2, "eight": 9}))
    await _create(bare_shop, HALVES)
    with pytest.raises(ConfigurationInvalid) as taken:
        await _create(bare_shop, HALVES)
    assert taken.value.faults[0].pointer == "/key"


def _author(shop: Shop) -> Author:
    return Author(principal=shop.principal, origin=ORIGIN, new_id=uuid7)


async def _publish_two(shop: Shop) -> None:
    """Publish six stamps as version 2, and eight as version 3, which holds."""
    for revision, stamps in ((1, 6), (2, 8)):
        design = replace(design_of(shop.program.version), plan=stamp_plan(stamps))
        async with shop.database.units(shop.merchant_id) as unit:
            await publish_version(unit, shop.program.id, design, _author(shop), revision=revision)


async def _create(shop: Shop, comparison: Comparison) -> Trial:
    async with shop.database.units(shop.merchant_id) as unit:
        return await create_experiment(unit, shop.program.id, comparison, _author(shop))


async def _start(shop: Shop, trial: Trial) -> Trial:
    async with shop.database.units(shop.merchant_id) as unit:
        return await start_experiment(
            unit,
            shop.program.id,
            trial.experiment.id,
            _author(shop),
            revision=trial.revision,
        )


async def _stop(shop: Shop, trial: Trial) -> Trial:
    async with shop.database.units(shop.merchant_id) as unit:
        return await stop_experiment(
            unit,
            shop.program.id,
            trial.experiment.id,
            _author(shop),
            revision=trial.revision,
        )


async def _running(shop: Shop) -> Trial:
    await _publish_two(shop)
    return await _start(shop, await _create(shop, HALVES))


async def _tie(shop: Shop, cards: Sequence[UUID]) -> None:
    async with shop.database.units(shop.merchant_id) as unit:
        await tie_cards(unit, shop.program.id, cards, KEY)


async def _ties(shop: Shop) -> dict[UUID, tuple[str | None, UUID | None]]:
    rows = await shop.rows("SELECT id, variant, variant_version_id FROM cards")
    return {row[0]: (row[1], row[2]) for row in rows}


async def _findings(shop: Shop, trial: Trial) -> Findings:
    async with shop.database.units(shop.merchant_id) as unit:
        return await findings(
            unit, await unit.experiments.one(shop.program.id, trial.experiment.id)
        )


async def _enrol(shop: Shop, number: int) -> UUID:
    enrolment = Enrolment(
        program_id=shop.program.id,
        contact=Contact(kind=ContactKind.MAIL, address=f"new{number}@example.org"),
        language="en",
        time_zone="UTC",
        agreed=dict[Purpose, str](),
        origin=ORIGIN,
    )
    makers = Makers(
        new_id=uuid7, new_code=lambda count: uuid7().hex[-count:].upper(), experiment_key=KEY
    )
    async with shop.database.units(shop.merchant_id) as unit:
        return (await enrol(unit, enrolment, makers)).card.id
