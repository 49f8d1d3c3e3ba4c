"""A posting as the function `ledger_write` takes it."""

from gateway.domain.ledger import Balances, Transfer
from gateway.domain.lots import Act, LotMove, lot_moves
from gateway.storage.cards.postings import Change, Posting

Item = dict[str, object]


def item_of(n: int, posting: Posting) -> Item:
    """Return the JSON object for the posting that is the set's number `n`."""
    item: Item = {
        "n": n,
        "principal": posting.principal.name,
        "key": posting.key,
        "fingerprint": posting.answer.fingerprint.hex(),
        "status": posting.answer.status,
        "body": posting.answer.body,
    }
    if posting.change is None:
        return item
    return item | _who(posting) | _what(posting.change) | _moved(posting.change)


def _who(posting: Posting) -> Item:
    return {
        "staff_id": posting.principal.staff_id,
        "till_id": posting.principal.till_id,
        "source": posting.origin.source,
        "remote_address": posting.origin.remote_address,
        "user_agent": posting.origin.user_agent,
    }


def _what(change: Change) -> Item:
    transaction, before, left = change.transaction, change.before, change.left
    return {
        "card_id": before.card_id,
        "version": before.version,
        "transaction_id": transaction.transaction_id,
        "occurred_at": change.occurred_at,
        "happened_at": transaction.happened_at or change.occurred_at,
        "program_id": before.program_id,
        "program_version_id": left.program_version_id,
        "kind": transaction.kind,
        "location_id": transaction.location_id,
        "event_source": transaction.event_source,
        "source_event_id": transaction.source_event_id,
        "reverses": transaction.reverses,
        "sale_id": transaction.sale_id,
        "reason": transaction.reason,
        "approved_by": transaction.approved_by,
        "counterpart_card_id": transaction.counterpart_card_id,
        "explanation": transaction.explanations,
        "earned_before": transaction.earned_before,
        "memory_before": transaction.memory_before,
        "business_day": transaction.day.day,
        "earnings": transaction.day.earnings,
        "visits": transaction.day.visits,
        "spent": transaction.day.spent,
        "points": transaction.day.points,
        "given": transaction.day.given,
        "last_earned_at": left.last_earned_at,
        # None leaves what the card remembers.
        "memory": left.memory if left.memory != before.memory else None,
        "tier": left.tier,
        "tier_since": left.tier_since,
        "tier_review_on": transaction.tier_review_on,
        "may_owe": transaction.may_owe,
        "budgets": transaction.budgets or None,
        "events": change.announcements,
    }


def _moved(change: Change) -> Item:
    balances, transfers = change.before.balances, change.transaction.transfers
    moves = _moves(transfers)
    acts = [_lot(move) for move in lot_moves(balances, transfers)]
    acts += [
        {"act": Act.SLIDE, "unit": unit, "expires_at": expires_at}
        for unit, expires_at in change.transaction.slides.items()
    ]
    # New lots alone, which is what most transactions come to, are written as a set.
    only_opened = all(act["act"] is Act.OPEN for act in acts)
    return {
        "moves": moves,
        "opens": _unopened(balances, moves) or None,
        "opened": acts if only_opened else None,
        "lots": None if only_opened else acts,
    }


def _moves(transfers: tuple[Transfer, ...]) -> list[Item]:
    """Sum up what the transfers do to each account: an account gets one line per transaction."""
    sums: dict[tuple[str, str], int] = {}
    for transfer in transfers:
        for account, delta in transfer.moves:
            sums[transfer.unit, account] = sums.get((transfer.unit, account), 0) + delta
    return [
        {"unit": unit, "account": account, "delta": delta}
        for (unit, account), delta in sums.items()
    ]


def _unopened(balances: Balances, moves: list[Item]) -> list[Item]:
    return [
        {"unit": move["unit"], "account": move["account"]}
        for move in moves
        if move["account"] not in balances.get(str(move["unit"]), {})
    ]


def _lot(move: LotMove) -> Item:
    return {
        "act": move.act,
        "unit": move.unit,
        "account": move.account,
        "number": move.number,
        "amount": move.amount,
        "usable_from": move.usable_from,
        "expires_at": move.expires_at,
        "preferred": move.preferred,
        "source": move.source,
    }
