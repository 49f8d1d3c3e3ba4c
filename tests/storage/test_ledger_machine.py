"""The ledger against a model: any commands in any order, retried and at once."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gateway.domain.errors import KeyReused
from gateway.services.cards.commands import Answer, Command
from gateway.services.ledger.verifying import verify_live
from gateway.storage.cards.ledger import Ledger
from gateway.storage.cards.postings import Posting, Written
from gateway.storage.database import Database as Opened
from tests.catalogues import put_on_shelf
from tests.database import Database
from tests.shops import Shop, add_cards, open_shop, opened
from tests.storage.ledger_cards import Card
from tests.storage.ledger_clock import StoredClock
from tests.storage.ledger_desk import Desk
from tests.storage.ledger_drafts import (
    ALL_REFUNDED,
    AT_ONCE_MAX,
    DEAR,
    DRAFTS,
    HALF_REFUNDED,
    NUMBERS,
    OLDER,
    RAISED,
    Draft,
    step_of,
)
from tests.storage.ledger_explaining import explain, story
from tests.storage.ledger_model import Model
from tests.storage.ledger_planting import PLANTED, Planted, plant
from tests.storage.ledger_programs import KINDS, POINTS, Kind
from tests.storage.ledger_shapes import Step
from tests.storage.ledger_sometimes import SOMETIMES, notable

EXAMPLES, STEPS = 6, 15
# A run may happen to miss something rare; a longer one that still misses it is broken.
LONGER = (1, 2, 3, 4, 5)
IN_A_ROW_MAX = 6
PLANTED_EXAMPLES = 20
CARDS, CARDS_MAX = 3, 6
# Days at which lots may be made to end: some are over.
OVER = -1
ENDS = (OVER, OVER, 3, 30)
_SLUGS = count()

Asked = tuple[Step, Command, Answer]


class LedgerMachine(RuleBasedStateMachine):
    """The cards of a merchant of its own; every answer and the books are the model's.

    `models` are all the ways in which what happened at once may have happened.
    """

    def __init__(
        self,
        runner: asyncio.Runner,
        books: Opened,
        superuser: asyncpg.Connection,
        seen: Counter[str],
        kind: Kind,
    ) -> None:
        super().__init__()
        self.runner, self.books, self.superuser, self.seen = runner, books, superuser, seen
        self.kind = kind
        self.answered: list[Asked] = []
        self.steps = count()

    @initialize()
    def move_in(self) -> None:
        """Open a shop with a program of the kind."""
        self.runner.run(self._open(self.kind))
        cards = {number: Card() for number in range(CARDS)}
        self.models = [Model(kind=self.kind, cards=cards)]

    @precondition(lambda self: len(self.desk.cards) < CARDS_MAX)
    @rule()
    def open_another_card(self) -> None:
        """Let a customer more come."""
        self.desk.cards += self.runner.run(add_cards(self.shop, 1))
        number = len(self.desk.cards) - 1
        self.models = [
            replace(model, cards={**model.cards, number: Card()}) for model in self.models
        ]

    @rule(card=NUMBERS, numbers=st.lists(NUMBERS, min_size=1, max_size=4))
    def earn(self, card: int, numbers: list[int]) -> None:
        """Earn a few times, one after the other."""
        verb = "visit" if self.kind.visit else "sale"
        for number in numbers:
            self._take([Draft(verb, card, number)])

    @rule(drafts=st.lists(DRAFTS, min_size=3, max_size=IN_A_ROW_MAX))
    def anything(self, drafts: list[Draft]) -> None:
        """Give commands one after the other."""
        for draft in drafts:
            self._take([draft])

    @rule(drafts=st.lists(DRAFTS, min_size=2, max_size=AT_ONCE_MAX))
    def at_once(self, drafts: list[Draft]) -> None:
        """Give a few commands at the same moment."""
        self.seen["at once"] += 1
        self._take(drafts)

    @rule(card=NUMBERS, half=st.booleans())
    def usual_story(self, card: int, half: bool) -> None:  # noqa: FBT001 -- drawn
        """Let a card earn, redeem, change its mind, and bring back what it bought."""
        self._take([Draft("visit", card)])
        if self.model.visits:
            self._take([Draft("undo", card, -1, 1)])
        for _ in range(2):
            self._take([Draft("sale", card, DEAR)])
        sale = len(self.model.sales) - 1
        if self.kind is POINTS:
            self.wait_until_released(card)
        self._take([Draft("transfer", card)])
        for verb in ("reserve", "redeem", "take_back", "reserve"):
            if verb == "reserve" or self.model.redemptions:
                self._take([Draft(verb, card, -1, 1)])
        for state in (HALF_REFUNDED, RAISED, OLDER, ALL_REFUNDED):
            self._take([Draft("resale", 1, sale, state)])
        # What ended is swept before it is reserved, so there may be nothing set aside.
        if self.kind is POINTS and half and self._set_aside():
            self.wait_too_long(-1)
        self._let_all_end()

    @rule(card=NUMBERS, number=NUMBERS)
    def join_and_go_on(self, card: int, number: int) -> None:
        """Join two cards, and go on with the one that was given up."""
        self._take([Draft("merge", card)])
        given_up = [place for place, each in self.model.cards.items() if each.is_merged]
        if given_up:
            verb = "visit" if self.kind.visit else "sale"
            self._take([Draft(verb, given_up[number % len(given_up)], number)])

    def _let_all_end(self) -> None:
        for one, before in self._ends():
            self._move(one, before, OVER)
            self._take([Draft("expire", one)])

    @rule(number=NUMBERS)
    def rush(self, number: int) -> None:
        """Sell to all customers at the same moment."""
        self.seen["rush"] += 1
        cards = range(min(len(self.desk.cards), AT_ONCE_MAX))
        self._take([Draft("sale", card, number) for card in cards])

    @precondition(lambda self: self.model.sales)
    @rule(number=NUMBERS, states=st.lists(NUMBERS, min_size=2, max_size=AT_ONCE_MAX))
    def tell_of_a_sale_at_once(self, number: int, states: list[int]) -> None:
        """Tell of states of one sale at the same moment, which arrive in any order."""
        self.seen["one sale at once"] += 1
        self._take([Draft("resale", 1, number, state) for state in states])

    @precondition(lambda self: self.answered)
    @rule(number=NUMBERS, times=st.integers(1, 3))
    def retry(self, number: int, times: int) -> None:
        """Ask again with a key that has its answer, also at once."""
        self._retry(self.answered[number % len(self.answered)], times)

    @precondition(lambda self: self._refused())
    @rule(number=NUMBERS)
    def retry_a_refusal(self, number: int) -> None:
        """Ask again for what was refused: the refusal is final for its key."""
        refused = self._refused()
        self._retry(refused[number % len(refused)], 1)

    @rule(draft=DRAFTS, times=st.integers(2, AT_ONCE_MAX))
    def same_key_at_once(self, draft: Draft, times: int) -> None:
        """Ask for one new thing several times at the same moment: it happens once."""
        step = step_of(draft, self.model, next(self.steps))
        command = self.desk.command(step)
        answers = self._ask([(step, command)] * times)
        assert len({answer.body for answer in answers}) == 1
        assert sum(not answer.replayed for answer in answers) == 1
        self._compare([step], [command], [replace(answers[0], replayed=False)])
        self.seen["same key at once"] += 1

    @precondition(lambda self: self.answered)
    @rule(number=NUMBERS)
    def reuse(self, number: int) -> None:
        """Ask for something else with a key that is taken."""
        step, command, _ = self.answered[number % len(self.answered)]
        other = replace(command, fingerprint=b"o" * 32)
        try:
            self._ask([(step, other)])
        except KeyReused:
            self.seen["key reused"] += 1
        else:
            raise AssertionError(f"{step} took a key twice")

    @precondition(lambda self: self.kind is POINTS)
    @rule(card=NUMBERS)
    def wait_until_released(self, card: int) -> None:
        """Let what is held back be held back long enough, and release it."""
        number = card % len(self.desk.cards)
        self.runner.run(self.clock.ripen(self.desk.cards[number]))
        self.models = [model.ripened(number) for model in self.models]
        self._take([Draft("release", number)])

    @precondition(lambda self: self.kind is POINTS and self._set_aside())
    @rule(number=NUMBERS)
    def wait_too_long(self, number: int) -> None:
        """Let what is set aside end meanwhile, and let the reservation run out."""
        redemptions = self._set_aside()
        place = number % len(redemptions)
        card, lots = self.model.taken_by(redemptions[place])
        for before in {lot.ends for lot in lots if lot.ends and lot.ends > 0}:
            self._move(card, before, OVER)
        self._take([Draft("lapse", 1, place, 1)])

    @precondition(lambda self: self._ends())
    @rule(number=NUMBERS, ends=st.sampled_from(ENDS))
    def move_an_end(self, number: int, ends: int) -> None:
        """Let some of a card's lots end at another time, or be over."""
        places = self._ends()
        card, before = places[number % len(places)]
        self._move(card, before, ends)

    @invariant()
    def the_books_are_in_order(self) -> None:
        """Nothing is ever out of order, and the chains are whole."""
        if hasattr(self, "shop"):
            assert self.runner.run(self.shop.violations()) == []
            assert self.runner.run(self._chain_faults()) == []

    @property
    def model(self) -> Model:
        """One of the ways things may be: enough to draw the next step from."""
        return self.models[0]

    async def _open(self, kind: Kind) -> None:
        slug = f"shop-{next(_SLUGS)}"
        self.shop: Shop = await open_shop(self.books, plan=kind.plan, cards=CARDS, slug=slug)
        rewards = [each.id for each in self.shop.rewards]
        if kind is POINTS:
            rewards = [
                (await put_on_shelf(self.shop, unit=unit, cost=cost)).id
                for unit, cost in kind.prices
            ]
        by_unit = {each.unit: each.id for each in self.shop.rewards}
        rewards = [by_unit[unit] for unit, _ in kind.prices] if by_unit else rewards
        self.desk = Desk(self.shop, kind.unit, list(self.shop.cards), rewards)
        self.clock = StoredClock(
            connection=self.superuser, merchant_id=self.shop.merchant_id, start=datetime.now(UTC)
        )

    async def _chain_faults(self) -> list[str]:
        async with self.books.units(self.shop.merchant_id) as unit:
            return (await verify_live(unit)).faults

    def _ends(self) -> list[tuple[int, int]]:
        """Return the cards with days at which lots of theirs end, of those that did not yet."""
        return sorted(
            {
                (number, lot.ends)
                for number, card in self.model.cards.items()
                for lot in card.lots
                if lot.ends is not None and lot.ends > 0
            }
        )

    def _set_aside(self) -> list[int]:
        redemptions = self.model.redemptions.items()
        return sorted(name for name, each in redemptions if each.status == "reserved")

    def _move(self, card: int, before: int, ends: int) -> None:
        self.runner.run(self.clock.age(self.desk.cards[card], before, ends))
        self.models = [model.aged(card, before, ends) for model in self.models]

    def _refused(self) -> list[Asked]:
        return [each for each in self.answered if not each[2].is_done]

    def _retry(self, asked: Asked, times: int) -> None:
        step, command, first = asked
        for answer in self._ask([(step, command)] * times):
            assert answer == replace(first, replayed=True)
        self.seen["replayed" if first.is_done else "refusal replayed"] += 1

    def _take(self, drafts: Sequence[Draft]) -> None:
        if len(drafts) > 1:
            self._sweep()
        steps = [step_of(draft, self.model, next(self.steps)) for draft in drafts]
        commands = [self.desk.command(step) for step in steps]
        self._compare(steps, commands, self._ask(list(zip(steps, commands, strict=True))))

    def _sweep(self) -> None:
        """Let nothing that is over wait for a burst: who reserves sweeps it first."""
        for number, card in self.model.cards.items():
            if card != card.expired(-1):
                self._take([Draft("expire", number)])

    def _compare(
        self, steps: list[Step], commands: Sequence[Command], answers: list[Answer]
    ) -> None:
        told = [self.desk.told(*each) for each in zip(steps, answers, strict=True)]
        numbers = {card: number for number, card in enumerate(self.desk.cards)}
        books = self.runner.run(self.clock.books(numbers))
        explained = explain(self.models, steps, told, books)
        assert explained, story(self.model, steps, told, books)
        self.seen.update(notable(self.model, explained[0], steps, told))
        self.models = explained
        for step, command, answer in zip(steps, commands, answers, strict=True):
            assert not answer.replayed
            self.answered.append((step, command, answer))
            self.desk.remember(step, answer)

    def _ask(self, asked: list[tuple[Step, Command]]) -> list[Answer]:
        async def together() -> list[Answer]:
            return await asyncio.gather(*(self.desk.send(*each) for each in asked))

        return self.runner.run(together())


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """An event loop that outlives the single steps."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each interesting thing happened, lost races included."""
    counted: Counter[str] = Counter()
    write = Ledger.write

    async def watched(ledger: Ledger, postings: Sequence[Posting]) -> list[Written]:
        results = await write(ledger, postings)
        counted["race lost"] += sum(result is not Written.DONE for result in results)
        return results

    monkeypatch.setattr(Ledger, "write", watched)
    return counted


@pytest.mark.timeout(300)
def test_the_ledger_does_what_the_model_says(
    database: Database, runner: asyncio.Runner, seen: Counter[str]
) -> None:
    """Whatever is asked, in whatever order, the answers and the books are explained."""
    for factor in LONGER:
        for kind in KINDS.values():
            _run(database, runner, seen, kind, EXAMPLES * factor)
        missing = SOMETIMES - set(+seen)
        if not missing:
            break
    assert not missing, f"a run that never sees {missing} proves little"


@pytest.mark.parametrize("bug", [pytest.param(each, id=each.name) for each in PLANTED])
def test_a_planted_bug_is_found(
    database: Database, runner: asyncio.Runner, seen: Counter[str], bug: Planted
) -> None:
    """The same machine fails on a ledger that is broken on purpose."""
    runner.run(plant(database, bug))
    with pytest.raises(Exception):  # noqa: B017, PT011 -- a wrong answer or a broken constraint
        _look_for(bug, database, runner, seen)


def _look_for(
    bug: Planted, database: Database, runner: asyncio.Runner, seen: Counter[str]
) -> None:
    for factor in LONGER:
        _run(database, runner, seen, KINDS[bug.kind], PLANTED_EXAMPLES * factor)


def _run(
    database: Database, runner: asyncio.Runner, seen: Counter[str], kind: Kind, examples: int
) -> None:
    stack = AsyncExitStack()
    books = runner.run(stack.enter_async_context(opened(database.app_dsn, pool_size=6)))
    superuser = runner.run(asyncpg.connect(database.superuser_dsn))
    stack.push_async_callback(superuser.close)
    try:
        run_state_machine_as_test(
            lambda: LedgerMachine(runner, books, superuser, seen, kind),  # type: ignore[arg-type]
            settings=settings(
                max_examples=examples,
                stateful_step_count=STEPS,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        runner.run(stack.aclose())
