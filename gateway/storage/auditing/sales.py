"""Invariant I22: what a sale says it gave is what its transactions gave."""

from collections.abc import Mapping

# A transaction says what each rule gave in the rule's own unit; what is left over for the next
# stamp, and rewards on the way to a full card, are its entries alone.
QUERIES: Mapping[str, str] = {
    "I22_sales_gave_what_their_transactions_gave": """
        SELECT format('sale %s says rule %s gave %s, its transactions %s', sale_id, rule, s.amount,
                      t.amount)
        FROM (
            SELECT id AS sale_id, g->>0 AS rule, sum((g->>2)::bigint) AS amount
            FROM sales CROSS JOIN jsonb_array_elements(given) AS g
            WHERE merchant_id = :merchant AND g->>1 NOT LIKE 'remainder:%'
                AND (g->>1 NOT LIKE 'voucher:%' OR g->>1 = 'voucher:' || (g->>0))
            GROUP BY id, g->>0
        ) AS s FULL JOIN (
            SELECT sale_id, g.key AS rule, sum(g.value::bigint) AS amount
            FROM transactions CROSS JOIN jsonb_each_text(given) AS g
            WHERE merchant_id = :merchant AND sale_id IS NOT NULL GROUP BY sale_id, g.key
        ) AS t USING (sale_id, rule)
        WHERE coalesce(s.amount, 0) <> coalesce(t.amount, 0)
    """,
}
