"""Rebuilding: everything that is kept for speed, computed anew from the transactions."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Each returns how many rows were not what they should be and now are. In this order: later ones
# build on earlier ones. A card whose row changes counts up its version, so that a decision that
# was made on the old one is lost. What a merged card did belongs to the card it went to.
STATEMENTS: Mapping[str, str] = {
    "accounts": """
        UPDATE accounts a SET balance = e.balance, seq = e.seq FROM (
            SELECT card_id, unit, account, sum(delta) AS balance, count(*) AS seq
            FROM entries WHERE merchant_id = :merchant GROUP BY card_id, unit, account
        ) AS e
        WHERE a.merchant_id = :merchant AND a.card_id = e.card_id AND a.unit = e.unit
            AND a.account = e.account AND (a.balance, a.seq) IS DISTINCT FROM (e.balance, e.seq)
    """,
    "lots": """
        UPDATE lots l SET remaining = l.amount - c.taken FROM (
            SELECT x.card_id, x.transaction_id, x.unit, x.number,
                   coalesce(sum(c.amount), 0) AS taken
            FROM lots x LEFT JOIN consumptions c ON c.merchant_id = x.merchant_id
                AND c.card_id = x.card_id AND c.lot_transaction_id = x.transaction_id
                AND c.unit = x.unit AND c.lot_number = x.number
            WHERE x.merchant_id = :merchant
            GROUP BY x.card_id, x.transaction_id, x.unit, x.number
        ) AS c
        WHERE l.merchant_id = :merchant AND l.card_id = c.card_id
            AND l.transaction_id = c.transaction_id AND l.unit = c.unit AND l.number = c.number
            AND l.remaining <> l.amount - c.taken
    """,
    "card_days": """
        WITH posted AS (
            SELECT coalesce(k.merged_into, k.id) AS card_id, t.business_day AS day,
                   sum(t.earnings) AS earnings, sum(t.visits) AS visits, sum(t.spent) AS spent,
                   coalesce(sum(p.points), 0) AS points
            FROM transactions t JOIN cards k ON k.merchant_id = t.merchant_id AND k.id = t.card_id
            LEFT JOIN LATERAL (
                SELECT -sum(e.delta) AS points FROM entries e
                WHERE e.merchant_id = t.merchant_id AND e.card_id = t.card_id
                    AND e.occurred_at = t.occurred_at AND e.transaction_id = t.id
                    AND e.unit = 'point' AND e.account = 'issued'
            ) AS p ON true
            WHERE t.merchant_id = :merchant
            GROUP BY coalesce(k.merged_into, k.id), t.business_day
        ), given AS (
            SELECT card_id, day, jsonb_object_agg(rule, amount) AS given FROM (
                SELECT coalesce(k.merged_into, k.id) AS card_id, t.business_day AS day,
                       g.key AS rule, sum(g.value::bigint) AS amount
                FROM transactions t
                JOIN cards k ON k.merchant_id = t.merchant_id AND k.id = t.card_id
                CROSS JOIN jsonb_each_text(t.given) AS g
                WHERE t.merchant_id = :merchant
                GROUP BY coalesce(k.merged_into, k.id), t.business_day, g.key
            ) AS summed GROUP BY card_id, day
        )
        INSERT INTO card_days AS d
            (merchant_id, card_id, day, earnings, visits, spent, points, given)
        SELECT :merchant, p.card_id, p.day, p.earnings, p.visits, p.spent, p.points,
               coalesce(g.given, '{}')
        FROM posted p LEFT JOIN given g USING (card_id, day)
        LEFT JOIN card_days k ON k.merchant_id = :merchant AND k.card_id = p.card_id
            AND k.day = p.day
        WHERE (coalesce(k.earnings, 0), coalesce(k.visits, 0), coalesce(k.spent, 0),
               coalesce(k.points, 0))
            IS DISTINCT FROM (p.earnings, p.visits, p.spent, p.points)
            OR coalesce(k.given, '{}') <> coalesce(g.given, '{}')
        ON CONFLICT ON CONSTRAINT card_days_pkey DO UPDATE SET
            earnings = excluded.earnings, visits = excluded.visits, spent = excluded.spent,
            points = excluded.points, given = excluded.given
    """,
    "cards": """
        UPDATE cards c SET version = c.version + 1, visits_total = d.visits,
            spent_total = d.spent, points_total = d.points, tier = d.tier,
            chain_number = coalesce(d.number, 0),
            chain_hash = coalesce(d.hash, decode(repeat('00', 32), 'hex'))
        FROM (
            SELECT k.id, coalesce(s.visits, 0) AS visits, coalesce(s.spent, 0) AS spent,
                   coalesce(s.points, 0) AS points, m.tier, t.number, t.hash
            FROM cards k
            LEFT JOIN (
                SELECT card_id, sum(visits) AS visits, sum(spent) AS spent, sum(points) AS points
                FROM card_days WHERE merchant_id = :merchant GROUP BY card_id
            ) AS s ON s.card_id = k.id
            LEFT JOIN LATERAL (
                SELECT tier FROM tier_moves m WHERE m.merchant_id = k.merchant_id
                    AND m.card_id = k.id ORDER BY m.moved_at DESC, m.id DESC LIMIT 1
            ) AS m ON true
            LEFT JOIN LATERAL (
                SELECT number, hash FROM transactions t WHERE t.merchant_id = k.merchant_id
                    AND t.card_id = k.id ORDER BY t.number DESC LIMIT 1
            ) AS t ON true
            WHERE k.merchant_id = :merchant
        ) AS d
        WHERE c.merchant_id = :merchant AND c.id = d.id
            AND (c.visits_total, c.spent_total, c.points_total, c.tier, c.chain_number)
                IS DISTINCT FROM (d.visits, d.spent, d.points, d.tier, coalesce(d.number, 0))
    """,
}


async def rebuild(connection: AsyncConnection, merchant_id: UUID) -> dict[str, int]:
    """Compute a merchant's projections anew; return how many rows of each changed.

    In the caller's transaction, with every card of the merchant locked until it ends.
    """
    begin = text("SELECT set_config('app.merchant', :merchant, true)")
    await connection.execute(begin, {"merchant": str(merchant_id)})
    lock = text("SELECT id FROM cards WHERE merchant_id = :merchant ORDER BY id FOR UPDATE")
    await connection.execute(lock, {"merchant": merchant_id})
    changed = {}
    for name, statement in STATEMENTS.items():
        done = await connection.execute(text(statement), {"merchant": merchant_id})
        changed[name] = done.rowcount
    return changed
