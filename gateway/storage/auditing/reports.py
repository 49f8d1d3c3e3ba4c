"""What moved in a program over a period, summed from its entries and lots."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.reports import Deadline, Flow

# Vouchers and remainders are units like any other; what is left over for the next stamp is none.
_FLOWS = text("""
    WITH moved AS (
        SELECT e.unit, e.account, e.delta, t.kind, e.occurred_at
        FROM entries e
        JOIN transactions t ON t.merchant_id = e.merchant_id
            AND t.occurred_at = e.occurred_at AND t.id = e.transaction_id
        JOIN cards c ON c.merchant_id = e.merchant_id AND c.id = e.card_id
        WHERE e.merchant_id = :merchant AND c.program_id = :program
            AND e.occurred_at < :until AND e.unit NOT LIKE 'remainder:%'
    ), cohort AS (
        SELECT l.unit, sum(l.amount) AS issued, coalesce(sum(x.expired), 0) AS expired
        FROM lots l JOIN cards c ON c.merchant_id = l.merchant_id AND c.id = l.card_id
        JOIN transactions t ON t.merchant_id = l.merchant_id AND t.card_id = l.card_id
            AND t.id = l.transaction_id AND t.kind = 'earn' AND t.occurred_at = l.earned_at
        LEFT JOIN LATERAL (
            SELECT sum(s.amount) AS expired FROM consumptions s
            JOIN transactions e ON e.merchant_id = s.merchant_id AND e.card_id = s.card_id
                AND e.id = s.transaction_id AND e.kind = 'expire'
            WHERE s.merchant_id = l.merchant_id AND s.card_id = l.card_id
                AND s.lot_transaction_id = l.transaction_id AND s.unit = l.unit
                AND s.lot_number = l.number
        ) AS x ON true
        WHERE l.merchant_id = :merchant AND c.program_id = :program
            AND l.earned_at >= :since AND l.earned_at < :until
        GROUP BY l.unit
    ), owing AS (
        SELECT unit, -sum(balance) AS owed FROM (
            SELECT e.card_id, e.unit, sum(e.delta) AS balance FROM entries e
            JOIN cards c ON c.merchant_id = e.merchant_id AND c.id = e.card_id
            WHERE e.merchant_id = :merchant AND c.program_id = :program
                AND e.account = 'available' AND e.occurred_at < :until
            GROUP BY e.card_id, e.unit HAVING sum(e.delta) < 0
        ) AS below GROUP BY unit
    )
    SELECT m.unit,
        -coalesce(sum(delta) FILTER (WHERE account = 'issued' AND kind = 'earn'
            AND occurred_at >= :since), 0)::bigint AS issued,
        coalesce(sum(delta) FILTER (WHERE account = 'issued' AND kind IN ('refund', 'reverse')
            AND occurred_at >= :since), 0)::bigint AS reversed,
        coalesce(sum(delta) FILTER (WHERE account = 'redeemed'
            AND occurred_at >= :since), 0)::bigint AS redeemed,
        coalesce(sum(delta) FILTER (WHERE account = 'expired'
            AND occurred_at >= :since), 0)::bigint AS expired,
        -coalesce(sum(delta) FILTER (WHERE account = 'adjusted' AND kind <> 'transfer'
            AND occurred_at >= :since), 0)::bigint AS adjusted,
        -coalesce(sum(delta) FILTER (WHERE account = 'adjusted' AND kind = 'transfer'
            AND occurred_at >= :since), 0)::bigint AS transferred,
        coalesce(sum(delta) FILTER (WHERE account IN ('pending', 'available', 'reserved')
            AND occurred_at < :since), 0)::bigint AS opening,
        coalesce(sum(delta) FILTER (
            WHERE account IN ('pending', 'available', 'reserved')), 0)::bigint AS closing,
        coalesce(max(o.owed), 0)::bigint AS owed,
        coalesce(max(h.issued), 0)::bigint AS cohort_issued,
        coalesce(max(h.expired), 0)::bigint AS cohort_expired
    FROM moved m LEFT JOIN cohort h USING (unit) LEFT JOIN owing o USING (unit)
    GROUP BY m.unit ORDER BY m.unit
""")
_DEADLINES = text("""
    SELECT l.unit, (l.expires_at AT TIME ZONE :time_zone)::date AS day,
           sum(l.remaining)::bigint AS amount
    FROM lots l JOIN cards c ON c.merchant_id = l.merchant_id AND c.id = l.card_id
    WHERE l.merchant_id = :merchant AND c.program_id = :program AND l.remaining > 0
        AND l.unit NOT LIKE 'remainder:%'
    GROUP BY l.unit, day ORDER BY l.unit, day NULLS LAST
""")


class Reports:
    """What the merchant's programs issued, redeemed and owe."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def flows(self, program_id: UUID, since: datetime, until: datetime) -> list[Flow]:
        """Return per unit what moved from `since` until before `until`."""
        values = {
            "merchant": self._merchant_id,
            "program": program_id,
            "since": since,
            "until": until,
        }
        found = await self._connection.execute(_FLOWS, values)
        return [Flow(**row) for row in found.mappings()]

    async def deadlines(self, program_id: UUID, time_zone: str) -> list[Deadline]:
        """Return what is left now by the local day on which it expires, never last."""
        values = {
            "merchant": self._merchant_id,
            "program": program_id,
            "time_zone": time_zone,
        }
        found = await self._connection.execute(_DEADLINES, values)
        return [Deadline(row.unit, row.day, row.amount) for row in found]
