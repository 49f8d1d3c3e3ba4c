-- The hot path: a set of requests is read together, and what was decided is written together.
-- The rules stay in the service; these functions only read, check the version and write.

-- Each request: {"n", "card_id", "principal", "key"}; grouped as [{"merchant_id", "items": [...]}].
-- Answers, per n: the stored answer of the key if there is one, and how the card stands now.
CREATE FUNCTION ledger_read(batch jsonb)
RETURNS TABLE (
    n int, fingerprint bytea, status smallint, body text,
    card_id uuid, version bigint, card_status text,
    program_id uuid, program_status text, program_version_id uuid,
    last_earned_at timestamptz, earned_on date, earned_that_day int,
    available bigint, reserved bigint, clock timestamptz
)
LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
DECLARE part jsonb; merchant uuid;
BEGIN
    FOR part IN SELECT jsonb_array_elements(batch) LOOP
        merchant := (part->>'merchant_id')::uuid;
        PERFORM set_config('app.merchant', merchant::text, true);
        RETURN QUERY
        SELECT i.n, k.fingerprint, k.status, k.body,
               c.id, c.version, c.status,
               p.id, p.status, v.id,
               c.last_earned_at, c.earned_on, c.earned_that_day,
               a.balance, r.balance, clock_timestamp()
        FROM jsonb_to_recordset(part->'items') AS i(n int, card_id uuid, principal text, key text)
        LEFT JOIN idempotency_keys k
            ON k.merchant_id = merchant AND k.principal = i.principal AND k.key = i.key
        LEFT JOIN cards c ON c.merchant_id = merchant AND c.id = i.card_id
        LEFT JOIN programs p ON p.merchant_id = merchant AND p.id = c.program_id
        LEFT JOIN program_versions v
            ON v.merchant_id = merchant AND v.program_id = p.id AND v.number = p.current_number
        LEFT JOIN accounts a
            ON a.merchant_id = merchant AND a.card_id = c.id
            AND a.unit = 'stamp' AND a.account = 'available'
        LEFT JOIN accounts r
            ON r.merchant_id = merchant AND r.card_id = c.id
            AND r.unit = 'stamp' AND r.account = 'reserved';
    END LOOP;
END $$;

-- Each item: the key with its answer and, unless it is a refusal, the transaction with the card
-- version it was decided on. Result per n: 'done'; 'replayed' when the key was taken meanwhile;
-- 'lost' when the card changed meanwhile. Only 'done' has written anything.
CREATE FUNCTION ledger_write(batch jsonb)
RETURNS TABLE (n int, result text)
LANGUAGE plpgsql VOLATILE
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE part jsonb; merchant uuid;
BEGIN
    FOR part IN SELECT jsonb_array_elements(batch) LOOP
        merchant := (part->>'merchant_id')::uuid;
        PERFORM set_config('app.merchant', merchant::text, true);
        RETURN QUERY
        WITH items AS MATERIALIZED (
            SELECT * FROM jsonb_to_recordset(part->'items') AS i(
                n int, principal text, key text, fingerprint text, status smallint, body text,
                card_id uuid, version bigint, transaction_id uuid, occurred_at timestamptz,
                program_version_id uuid, kind text, location_id uuid, staff_id uuid,
                till_id uuid, source text, source_event_id text, remote_address text,
                user_agent text, reverses uuid, explanation jsonb, earned_before timestamptz,
                last_earned_at timestamptz, earned_on date, earned_that_day int,
                transfers jsonb, events jsonb
            )
        ), locked AS MATERIALIZED (
            -- In the order of the cards, so that two sets can never wait for each other.
            SELECT i.n FROM items i
            JOIN cards c ON c.merchant_id = merchant AND c.id = i.card_id
                AND c.version = i.version
            WHERE i.transaction_id IS NOT NULL
            ORDER BY c.id
            FOR UPDATE OF c
        ), ready AS MATERIALIZED (
            SELECT locked.n FROM locked
            UNION ALL
            SELECT i.n FROM items i WHERE i.transaction_id IS NULL
        ), claimed AS (
            INSERT INTO idempotency_keys
                (merchant_id, principal, key, fingerprint, status, body, created_at)
            SELECT merchant, i.principal, i.key, decode(i.fingerprint, 'hex'), i.status, i.body,
                   clock_timestamp()
            FROM ready JOIN items i USING (n)
            ON CONFLICT DO NOTHING
            RETURNING principal, key
        ), accepted AS MATERIALIZED (
            SELECT i.* FROM items i JOIN claimed USING (principal, key)
        ), posted AS MATERIALIZED (
            SELECT * FROM accepted WHERE transaction_id IS NOT NULL
        ), card_changed AS (
            UPDATE cards c
            SET version = c.version + 1, last_earned_at = p.last_earned_at,
                earned_on = p.earned_on, earned_that_day = p.earned_that_day
            FROM posted p WHERE c.merchant_id = merchant AND c.id = p.card_id
        ), transaction_written AS (
            INSERT INTO transactions
                (merchant_id, occurred_at, id, card_id, program_version_id, kind, location_id,
                 staff_id, till_id, source, remote_address, user_agent, earned_before, explanation)
            SELECT merchant, p.occurred_at, p.transaction_id, p.card_id, p.program_version_id,
                   p.kind, p.location_id, p.staff_id, p.till_id, p.source, p.remote_address,
                   p.user_agent, p.earned_before, p.explanation
            FROM posted p
        ), source_claimed AS (
            INSERT INTO source_events (merchant_id, source, source_event_id, effect, transaction_id)
            SELECT merchant, p.source, p.source_event_id, p.kind, p.transaction_id
            FROM posted p WHERE p.source_event_id IS NOT NULL
        ), reversed AS (
            INSERT INTO reversals (merchant_id, transaction_id, reversed_by, reversed_at)
            SELECT merchant, p.reverses, p.transaction_id, p.occurred_at
            FROM posted p WHERE p.reverses IS NOT NULL
        ), moves AS (
            SELECT p.card_id, p.transaction_id, p.occurred_at, t.unit, side.account, side.delta
            FROM posted p,
                jsonb_to_recordset(p.transfers)
                    AS t(unit text, source text, destination text, amount bigint),
                LATERAL (VALUES (t.source, -t.amount), (t.destination, t.amount))
                    AS side(account, delta)
        ), moved AS (
            UPDATE accounts a SET balance = a.balance + m.delta, seq = a.seq + 1
            FROM moves m
            WHERE a.merchant_id = merchant AND a.card_id = m.card_id
                AND a.unit = m.unit AND a.account = m.account
            RETURNING a.card_id, a.unit, a.account, a.seq, m.occurred_at, m.transaction_id,
                m.delta, a.balance
        ), entries_written AS (
            INSERT INTO entries
                (merchant_id, card_id, unit, account, seq, occurred_at, transaction_id, delta,
                 balance_after)
            SELECT merchant, card_id, unit, account, seq, occurred_at, transaction_id, delta,
                   balance
            FROM moved
        ), announced AS (
            INSERT INTO outbox (merchant_id, id, type, data, announced_at)
            SELECT merchant, e.id, e.type, e.data, p.occurred_at
            FROM posted p, jsonb_to_recordset(p.events) AS e(id uuid, type text, data jsonb)
        )
        SELECT i.n, CASE WHEN a.n IS NOT NULL THEN 'done'
                         WHEN r.n IS NOT NULL THEN 'replayed'
                         ELSE 'lost' END
        FROM items i LEFT JOIN ready r USING (n) LEFT JOIN accepted a USING (n);
    END LOOP;
END $$;
