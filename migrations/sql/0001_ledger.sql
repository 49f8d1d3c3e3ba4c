-- The hot path: a set of requests is read together, and what was decided is written together.
-- The rules stay in the service; these functions only read, check the version and write.
--
-- They go item by item on purpose. One statement for the whole set reads better, but its plan
-- joins tables of unknown size and, once kept, may walk all keys of a merchant for each stamp;
-- each statement here finds one row by its whole key, whatever was analysed when.

-- Each request: {"n", "card_id", "principal", "key"}; grouped as [{"merchant_id", "items": [...]}].
-- Answers, per n: the stored answer of the key if there is one, and how the card stands now.
CREATE FUNCTION ledger_read(batch jsonb)
RETURNS TABLE (
    n int, fingerprint bytea, status smallint, body text,
    card_id uuid, version bigint, card_status text,
    program_id uuid, program_status text, program_version_id uuid,
    last_earned_at timestamptz, earned_on date, earned_that_day int,
    available bigint, clock timestamptz
)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE part jsonb; merchant uuid; i record;
BEGIN
    FOR part IN SELECT jsonb_array_elements(batch) LOOP
        merchant := (part->>'merchant_id')::uuid;
        PERFORM set_config('app.merchant', merchant::text, true);
        FOR i IN SELECT * FROM jsonb_to_recordset(part->'items')
            AS item(n int, card_id uuid, principal text, key text)
        LOOP
            n := i.n;
            SELECT k.fingerprint, k.status, k.body INTO fingerprint, status, body
            FROM idempotency_keys k
            WHERE k.merchant_id = merchant AND k.principal = i.principal AND k.key = i.key;
            SELECT c.id, c.version, c.status, c.program_id, p.status, v.id, c.last_earned_at,
                   c.earned_on, c.earned_that_day, a.balance
            INTO card_id, version, card_status, program_id, program_status, program_version_id,
                 last_earned_at, earned_on, earned_that_day, available
            FROM cards c
            JOIN programs p ON p.merchant_id = merchant AND p.id = c.program_id
            JOIN program_versions v ON v.merchant_id = merchant AND v.program_id = p.id
                AND v.number = p.current_number
            JOIN accounts a ON a.merchant_id = merchant AND a.card_id = c.id
                AND a.unit = 'stamp' AND a.account = 'available'
            WHERE c.merchant_id = merchant AND c.id = i.card_id;
            clock := clock_timestamp();
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$;

-- Each item: the key with its answer and, unless it is a refusal, the transaction with the card
-- version it was decided on. Result per n: 'done'; 'replayed' when the key was taken meanwhile;
-- 'lost' when the card changed meanwhile. Only 'done' has written anything.
-- The items come in the order of their cards and keys, so that two sets can never wait for each other.
CREATE FUNCTION ledger_write(batch jsonb)
RETURNS TABLE (n int, result text)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE part jsonb; merchant uuid; i record; lines int;
BEGIN
    FOR part IN SELECT jsonb_array_elements(batch) LOOP
        merchant := (part->>'merchant_id')::uuid;
        PERFORM set_config('app.merchant', merchant::text, true);
        FOR i IN SELECT * FROM jsonb_to_recordset(part->'items') AS item(
            n int, principal text, key text, fingerprint text, status smallint, body text,
            card_id uuid, version bigint, transaction_id uuid, occurred_at timestamptz,
            program_version_id uuid, kind text, location_id uuid, staff_id uuid, till_id uuid,
            source text, source_event_id text, remote_address text, user_agent text,
            reverses uuid, explanation jsonb, earned_before timestamptz,
            last_earned_at timestamptz, earned_on date, earned_that_day int,
            moves jsonb, events jsonb)
        LOOP
            n := i.n;
            IF i.transaction_id IS NOT NULL THEN
                -- Not FOR UPDATE: a unit that just wrote a row of this card (a redemption, a
                -- pass) holds the card's key, and two of them would wait for each other.
                PERFORM 1 FROM cards c
                WHERE c.merchant_id = merchant AND c.id = i.card_id AND c.version = i.version
                FOR NO KEY UPDATE;
                IF NOT FOUND THEN
                    result := 'lost';
                    RETURN NEXT;
                    CONTINUE;
                END IF;
            END IF;
            INSERT INTO idempotency_keys
                (merchant_id, principal, key, fingerprint, status, body, created_at)
            VALUES (merchant, i.principal, i.key, decode(i.fingerprint, 'hex'), i.status, i.body,
                    clock_timestamp())
            ON CONFLICT DO NOTHING;
            result := CASE WHEN FOUND THEN 'done' ELSE 'replayed' END;
            RETURN NEXT;
            CONTINUE WHEN result = 'replayed' OR i.transaction_id IS NULL;

            UPDATE cards c
            SET version = c.version + 1, last_earned_at = i.last_earned_at,
                earned_on = i.earned_on, earned_that_day = i.earned_that_day
            WHERE c.merchant_id = merchant AND c.id = i.card_id;
            INSERT INTO transactions
                (merchant_id, occurred_at, id, card_id, program_version_id, kind, location_id,
                 staff_id, till_id, source, remote_address, user_agent, earned_before, explanation)
            VALUES (merchant, i.occurred_at, i.transaction_id, i.card_id, i.program_version_id,
                    i.kind, i.location_id, i.staff_id, i.till_id, i.source, i.remote_address,
                    i.user_agent, i.earned_before, i.explanation);
            IF i.source_event_id IS NOT NULL THEN
                INSERT INTO source_events
                    (merchant_id, source, source_event_id, effect, transaction_id)
                VALUES (merchant, i.source, i.source_event_id, i.kind, i.transaction_id);
            END IF;
            IF i.reverses IS NOT NULL THEN
                INSERT INTO reversals (merchant_id, transaction_id, reversed_by, reversed_at)
                VALUES (merchant, i.reverses, i.transaction_id, i.occurred_at);
            END IF;
            WITH moved AS (
                UPDATE accounts a SET balance = a.balance + m.delta, seq = a.seq + 1
                FROM jsonb_to_recordset(i.moves) AS m(unit text, account text, delta bigint)
                WHERE a.merchant_id = merchant AND a.card_id = i.card_id
                    AND a.unit = m.unit AND a.account = m.account
                RETURNING a.unit, a.account, a.seq, m.delta, a.balance
            )
            INSERT INTO entries
                (merchant_id, card_id, unit, account, seq, occurred_at, transaction_id, delta,
                 balance_after)
            SELECT merchant, i.card_id, moved.unit, moved.account, moved.seq, i.occurred_at,
                   i.transaction_id, moved.delta, moved.balance
            FROM moved;
            GET DIAGNOSTICS lines = ROW_COUNT;
            IF lines <> jsonb_array_length(i.moves) THEN
                RAISE EXCEPTION 'a move names an account the card does not have';
            END IF;
            INSERT INTO outbox (merchant_id, id, type, data, announced_at)
            SELECT merchant, e.id, e.type, e.data, i.occurred_at
            FROM jsonb_to_recordset(i.events) AS e(id uuid, type text, data jsonb);
        END LOOP;
    END LOOP;
END $$;
