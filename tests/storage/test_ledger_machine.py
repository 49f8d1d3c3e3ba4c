"""The ledger against a model: any commands in any order, retried and at once."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count
from uuid import UUID

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
from gateway.domain.ledger import TransactionKind, faults
from gateway.services.cards.commands import Answer, Command
from gateway.storage.cards.ledger import Ledger, Posting, Written
from gateway.storage.database import Database as Opened
from tests.database import Database
from tests.shops import Shop, body, open_shop, opened
from tests.storage.ledger_model import COST, Model, Step, Told, explain

EXAMPLES, STEPS = 15, 20
# A run may happen to miss something rare; a longer one that still misses it is broken.
LONGER = (1, 2, 4)
PLANTED_EXAMPLES = 10
AT_ONCE_MAX = 4
SOMETIMES = {
    "stamp done",
    "undo done",
    "reserve done",
    "redeem done",
    "cancel done",
    "expire done",
    "refused",
    "replayed",
    "refusal replayed",
    "key reused",
    "at once",
    "same key at once",
    "race lost",
}
_NUMBERS = st.integers(0, 2**16)
_VERBS = ["stamp", "stamp", "undo", "reserve", "redeem", "cancel", "expire"]
_DRAFTS = st.tuples(st.sampled_from(_VERBS), _NUMBERS)
_SLUGS = count()


class LedgerMachine(RuleBasedStateMachine):
    """One card of a merchant of its own; every answer is compared with the model's."""

    def __init__(self, runner: asyncio.Runner, books: Opened, seen: Counter[str]) -> None:
        super().__init__()
        self.runner, self.books, self.seen = runner, books, seen
        self.model = Model()
        self.stamps: list[UUID] = []
        self.redemptions: list[UUID] = []
        self.answered: list[tuple[Step, Command, Answer]] = []

    @initialize()
    def move_in(self) -> None:
        """Open a shop."""
        opening = open_shop(self.books, slug=f"shop-{next(_SLUGS)}")
        self.shop: Shop = self.runner.run(opening)

    @rule(stamps=st.integers(1, 4))
    def stamp(self, stamps: int) -> None:
        """Stamp a few times, one after the other."""
        for _ in range(stamps):
            self._take([Step("stamp")])

    @rule(draft=_DRAFTS)
    def anything(self, draft: tuple[str, int]) -> None:
        """Give one command."""
        self._take(self._steps([draft]))

    @rule(drafts=st.lists(_DRAFTS, min_size=2, max_size=AT_ONCE_MAX))
    def at_once(self, drafts: list[tuple[str, int]]) -> None:
        """Give a few commands at the same moment."""
        self.seen["at once"] += 1
        self._take(self._steps(drafts))

    @precondition(lambda self: self.answered)
    @rule(number=_NUMBERS, times=st.integers(1, 3))
    def retry(self, number: int, times: int) -> None:
        """Ask again with a key that has its answer, also at once."""
        self._retry(self.answered[number % len(self.answered)], times)

    @precondition(lambda self: self._refused())
    @rule(number=_NUMBERS)
    def retry_a_refusal(self, number: int) -> None:
        """Ask again for what was refused: the refusal is final for its key."""
        refused = self._refused()
        self._retry(refused[number % len(refused)], 1)

    @rule(draft=_DRAFTS, times=st.integers(2, AT_ONCE_MAX))
    def same_key_at_once(self, draft: tuple[str, int], times: int) -> None:
        """Ask for one new thing several times at the same moment: it happens once."""
        (step,) = self._steps([draft])
        command = self._command(step)
        answers = self._ask([(step, command)] * times)
        assert len({answer.body for answer in answers}) == 1
        assert sum(not answer.replayed for answer in answers) == 1
        self._compare([step], [command], [replace(answers[0], replayed=False)])
        self.seen["same key at once"] += 1

    @precondition(lambda self: self.answered)
    @rule(number=_NUMBERS)
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

    @invariant()
    def the_books_are_in_order(self) -> None:
        """Balances and versions are the model's, and nothing is ever out of order."""
        if not hasattr(self, "shop"):
            return
        assert self.runner.run(self.shop.violations()) == []
        assert self.runner.run(self._entry_faults()) == []
        expected = (self.model.available, self.model.reserved, 1 + self.model.changes)
        assert self.runner.run(self.shop.balances()) == expected

    def _refused(self) -> list[tuple[Step, Command, Answer]]:
        return [each for each in self.answered if not each[2].is_done]

    def _retry(self, asked: tuple[Step, Command, Answer], times: int) -> None:
        step, command, first = asked
        for answer in self._ask([(step, command)] * times):
            assert answer == replace(first, replayed=True)
        self.seen["replayed" if first.is_done else "refusal replayed"] += 1

    async def _entry_faults(self) -> list[str]:
        async with self.books.units(self.shop.merchant_id) as unit:
            return faults(await unit.transactions.entries(self.shop.cards[0]))

    def _steps(self, drafts: Sequence[tuple[str, int]]) -> list[Step]:
        """Let each draft name a stamp or redemption that there is; without one, stamp."""
        there = {"undo": len(self.stamps), "stamp": 1, "reserve": 1}
        steps = []
        for verb, number in drafts:
            choices = there.get(verb, len(self.redemptions))
            steps.append(Step(verb, number % choices) if choices else Step("stamp"))
        return steps

    def _take(self, steps: list[Step]) -> None:
        commands = [self._command(step) for step in steps]
        self._compare(steps, commands, self._ask(list(zip(steps, commands, strict=True))))

    def _compare(
        self, steps: list[Step], commands: Sequence[Command], answers: list[Answer]
    ) -> None:
        told = [_told(answer) for answer in answers]
        explained = explain(self.model, steps, told)
        assert explained is not None, (self.model, steps, told)
        self.model = explained
        for step, command, answer in zip(steps, commands, answers, strict=True):
            assert not answer.replayed
            self.answered.append((step, command, answer))
            self.seen[f"{step.verb} done" if answer.is_done else "refused"] += 1
        self._remember(steps, answers)

    def _remember(self, steps: list[Step], answers: list[Answer]) -> None:
        for step, answer in zip(steps, answers, strict=True):
            if step.verb == "stamp":
                self.stamps.append(UUID(str(body(answer)["transaction_id"])))
            elif step.verb == "reserve" and answer.is_done:
                self.redemptions.append(UUID(str(body(answer)["redemption_id"])))

    def _ask(self, asked: list[tuple[Step, Command]]) -> list[Answer]:
        async def together() -> list[Answer]:
            return await asyncio.gather(*(self._send(*each) for each in asked))

        return self.runner.run(together())

    def _command(self, step: Step) -> Command:
        if step.verb == "stamp":
            return self.shop.stamp_command()
        if step.verb == "undo":
            return self.shop.undo_command(self.stamps[step.target])
        if step.verb == "reserve":
            return self.shop.reserve_command()
        return self.shop.end_command(self.redemptions[step.target])

    async def _send(self, step: Step, command: Command) -> Answer:
        if step.verb == "stamp":
            (reply,) = await self.shop.stamp(command)  # type: ignore[arg-type]
            if isinstance(reply, Exception):
                raise reply
            return reply
        if step.verb == "undo":
            return await self.shop.undo(command)  # type: ignore[arg-type]
        if step.verb == "reserve":
            return await self.shop.reserve(command)  # type: ignore[arg-type]
        return await self.shop.end(command, TransactionKind(step.verb))  # type: ignore[arg-type]


def _told(answer: Answer) -> Told:
    if not answer.is_done:
        return Told(str(body(answer)["code"]))
    progress = body(answer)["progress"]
    assert isinstance(progress, dict)
    return Told("done", progress["rewards_ready"] * COST + progress["stamps"] % COST)


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


def test_the_ledger_does_what_the_model_says(
    database: Database, runner: asyncio.Runner, seen: Counter[str]
) -> None:
    """Whatever is asked, in whatever order, the answers and the books are explained."""
    for factor in LONGER:
        _run(database, runner, seen, EXAMPLES * factor)
        missing = SOMETIMES - set(+seen)
        if not missing:
            break
    assert not missing, f"a run that never sees {missing} proves little"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([("AND c.version = i.version", "")], id="ignores the version"),
        pytest.param(
            [
                ("AND k.key = i.key;", "AND k.key = i.key AND false;"),
                ("CASE WHEN FOUND THEN 'done' ELSE 'replayed' END", "'done'"),
            ],
            id="forgets keys",
        ),
        pytest.param(
            [
                ("FROM moved;", "FROM moved WHERE moved.account <> 'issued';"),
                ("IF lines <> jsonb_array_length(i.moves) THEN", "IF false THEN"),
            ],
            id="single entry",
        ),
        pytest.param(
            [("SET version = c.version + 1, last", "SET version = c.version, last")],
            id="counts no version",
        ),
    ],
)
def test_a_planted_bug_is_found(
    database: Database,
    runner: asyncio.Runner,
    seen: Counter[str],
    changes: list[tuple[str, str]],
) -> None:
    """The same machine fails on a ledger that is broken on purpose."""
    runner.run(_plant(database, changes))
    with pytest.raises(Exception):  # noqa: B017, PT011 -- a wrong answer or a broken constraint
        _run(database, runner, seen, PLANTED_EXAMPLES)


def _run(database: Database, runner: asyncio.Runner, seen: Counter[str], examples: int) -> None:
    stack = AsyncExitStack()
    books = runner.run(stack.enter_async_context(opened(database.app_dsn, pool_size=6)))
    try:
        run_state_machine_as_test(
            lambda: LedgerMachine(runner, books, seen),  # type: ignore[arg-type]
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


async def _plant(database: Database, changes: list[tuple[str, str]]) -> None:
    connection = await asyncpg.connect(database.superuser_dsn)
    planted = 0
    for name in ("ledger_read", "ledger_write"):
        query = "SELECT pg_get_functiondef($1::regproc)"
        definition = str(await connection.fetchval(query, name))
        for right, wrong in changes:
            planted += definition.count(right)
            definition = definition.replace(right, wrong)
        await connection.execute(definition)
    await connection.close()
    assert planted == len(changes), "each place is found once"
