"""What must always hold of a merchant's books, as queries that return what breaks it."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

VIOLATIONS_ROWS_MAX = 20

# Each returns a row per violation, with a sentence. One card's history is short and each query
# goes along a key, so that a job can run them all the time.
QUERIES: Mapping[str, str] = {
    "transactions_sum_to_zero": """
        SELECT format('transaction %s sums to %s', transaction_id, sum(delta))
        FROM entries WHERE merchant_id = :merchant
        GROUP BY occurred_at, transaction_id, unit HAVING sum(delta) <> 0
    """,
    "transactions_have_entries": """
        SELECT format('transaction %s moved nothing', t.id)
        FROM transactions t WHERE t.merchant_id = :merchant AND NOT EXISTS (
            SELECT FROM entries e WHERE e.merchant_id = t.merchant_id
            AND e.occurred_at = t.occurred_at AND e.transaction_id = t.id)
    """,
    "entries_continue_each_other": """
        SELECT format('card %s %s/%s #%s does not continue #%s',
                      card_id, unit, account, seq, seq_before)
        FROM (
            SELECT e.*, lag(seq, 1, 0::bigint) OVER line AS seq_before,
                   lag(balance_after, 1, 0::bigint) OVER line AS balance_before
            FROM entries e WHERE merchant_id = :merchant
            WINDOW line AS (PARTITION BY card_id, unit, account ORDER BY seq)
        ) AS e
        WHERE seq <> seq_before + 1 OR balance_after <> balance_before + delta
    """,
    "accounts_equal_their_entries": """
        SELECT format('card %s %s/%s says %s after #%s, its entries %s after #%s',
                      a.card_id, a.unit, a.account, a.balance, a.seq, e.balance, e.seq)
        FROM accounts a CROSS JOIN LATERAL (
            SELECT coalesce(sum(delta), 0) AS balance, count(*) AS seq FROM entries e
            WHERE e.merchant_id = a.merchant_id AND e.card_id = a.card_id
                AND e.unit = a.unit AND e.account = a.account
        ) AS e
        WHERE a.merchant_id = :merchant AND (a.balance <> e.balance OR a.seq <> e.seq)
    """,
    "only_issued_is_below_zero": """
        SELECT format('card %s %s/%s #%s is below zero', card_id, unit, account, seq)
        FROM entries
        WHERE merchant_id = :merchant AND balance_after < 0 AND account <> 'issued'
    """,
    "reversals_take_back_what_was_given": """
        SELECT format('transaction %s is reversed by %s, which does not undo it',
                      r.transaction_id, r.reversed_by)
        FROM reversals r WHERE r.merchant_id = :merchant AND NOT EXISTS (
            SELECT FROM transactions given
            JOIN transactions taken ON taken.merchant_id = given.merchant_id
                AND taken.card_id = given.card_id AND taken.id = r.reversed_by
            WHERE given.merchant_id = r.merchant_id AND given.id = r.transaction_id
                AND given.kind = 'earn' AND taken.kind = 'reverse')
        UNION ALL
        SELECT format('transaction %s reverses nothing', t.id)
        FROM transactions t WHERE t.merchant_id = :merchant AND t.kind = 'reverse'
            AND NOT EXISTS (SELECT FROM reversals r WHERE r.merchant_id = t.merchant_id
                            AND r.reversed_by = t.id)
    """,
    "answers_and_transactions_are_one": """
        WITH answered AS (
            SELECT body::jsonb->>'transaction_id' AS id FROM idempotency_keys
            WHERE merchant_id = :merchant AND status = 200 AND body::jsonb ? 'transaction_id'
        )
        SELECT format('transaction %s was answered %s times', id, count(*))
        FROM answered GROUP BY id HAVING count(*) > 1
        UNION ALL
        SELECT format('transaction %s was answered and is not there', a.id)
        FROM answered a WHERE NOT EXISTS (
            SELECT FROM transactions t WHERE t.merchant_id = :merchant AND t.id = a.id::uuid)
    """,
    "receipts_count_once": """
        SELECT format('source event %s has no transaction', s.source_event_id)
        FROM source_events s WHERE s.merchant_id = :merchant AND NOT EXISTS (
            SELECT FROM transactions t
            WHERE t.merchant_id = s.merchant_id AND t.id = s.transaction_id)
    """,
    "reservations_are_covered": """
        SELECT format('card %s has %s reserved for redemptions of %s',
                      a.card_id, a.balance, r.cost)
        FROM accounts a CROSS JOIN LATERAL (
            SELECT coalesce(sum(w.cost), 0) AS cost FROM redemptions r
            JOIN rewards w ON w.merchant_id = r.merchant_id AND w.id = r.reward_id
            WHERE r.merchant_id = a.merchant_id AND r.card_id = a.card_id
                AND r.status = 'reserved'
        ) AS r
        WHERE a.merchant_id = :merchant AND a.account = 'reserved' AND a.balance <> r.cost
    """,
    "redemptions_end_once": """
        SELECT format('card %s has %s %s redemptions and %s such transactions',
                      card_id, redemptions, kind, transactions)
        FROM (
            SELECT card_id, CASE status WHEN 'redeemed' THEN 'redeem'
                       WHEN 'cancelled' THEN 'cancel' ELSE 'expire' END AS kind,
                   count(*) AS redemptions
            FROM redemptions WHERE merchant_id = :merchant AND status <> 'reserved'
            GROUP BY card_id, kind
        ) AS ended
        FULL JOIN (
            SELECT card_id, kind, count(*) AS transactions FROM transactions
            WHERE merchant_id = :merchant AND kind IN ('redeem', 'cancel', 'expire')
            GROUP BY card_id, kind
        ) AS posted USING (card_id, kind)
        WHERE redemptions IS DISTINCT FROM transactions
    """,
    "versions_count_changes": """
        SELECT format('card %s is at version %s after %s changes', c.id, c.version, t.changes)
        FROM cards c CROSS JOIN LATERAL (
            SELECT count(*) AS changes FROM transactions t
            WHERE t.merchant_id = c.merchant_id AND t.card_id = c.id
        ) AS t
        WHERE c.merchant_id = :merchant AND c.version < 1 + t.changes
    """,
}


async def violations(connection: AsyncConnection, merchant_id: UUID) -> list[str]:
    """Return a sentence per violation, each beginning with the invariant's name.

    At most `VIOLATIONS_ROWS_MAX` of each. A published look counts up a card's version too, so a
    version may only be above its number of changes.
    """
    begin = text("SELECT set_config('app.merchant', :merchant, true)")
    await connection.execute(begin, {"merchant": str(merchant_id)})
    found = []
    for name, query in QUERIES.items():
        limited = text(f"{query} LIMIT {VIOLATIONS_ROWS_MAX}")
        rows = await connection.execute(limited, {"merchant": merchant_id})
        found += [f"{name}: {row[0]}" for row in rows]
    return found
