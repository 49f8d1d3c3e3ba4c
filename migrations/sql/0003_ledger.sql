-- The hot path, for every kind of program. What its first version said still holds: the rules stay
-- in the service, these functions read, check the version and write, item by item.
--
-- Their plans are made once per connection: made anew for the values of each item, as PostgreSQL
-- likes to for those that read arrays and JSON, they cost a third of a stamp.

DROP FUNCTION ledger_read(jsonb);
DROP FUNCTION ledger_write(jsonb);

-- Each request: {"n", "card_id", "principal", "key", "follows"}; grouped as
-- [{"merchant_id", "items": [...]}]. Answers, per n: the stored answer of the key if there is one,
-- and how the card stands now; with "follows", of a merged card how the one stands that it went to.
CREATE FUNCTION ledger_read(batch jsonb)
RETURNS TABLE (
    n int, fingerprint bytea, status smallint, body text,
    card_id uuid, version bigint, card_status text, opened_at timestamptz,
    program_id uuid, program_status text, program_ended_at timestamptz, program_version_id uuid,
    last_earned_at timestamptz, visits_total bigint, spent_total bigint, points_total bigint,
    memory text, tier text, tier_since timestamptz,
    balances text, days text, budgets text, clock timestamptz
)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE part jsonb; merchant uuid; i record; back int; limited boolean; living uuid; went_to uuid;
BEGIN
    FOR part IN SELECT jsonb_array_elements(batch) LOOP
        merchant := (part->>'merchant_id')::uuid;
        PERFORM set_config('app.merchant', merchant::text, true);
        FOR i IN SELECT * FROM jsonb_to_recordset(part->'items')
            AS item(n int, card_id uuid, principal text, key text, follows boolean)
        LOOP
            n := i.n;
            SELECT k.fingerprint, k.status, k.body INTO fingerprint, status, body
            FROM idempotency_keys k
            WHERE k.merchant_id = merchant AND k.principal = i.principal AND k.key = i.key;
            living := i.card_id;
            LOOP
                SELECT c.id, c.version, c.status, c.opened_at, c.program_id, p.status, p.ended_at,
                       v.id, c.last_earned_at, c.visits_total, c.spent_total, c.points_total,
                       c.memory, c.tier, c.tier_since, v.look_back_days, v.has_budgets,
                       c.merged_into
                INTO card_id, version, card_status, opened_at, program_id, program_status,
                     program_ended_at, program_version_id, last_earned_at, visits_total,
                     spent_total, points_total, memory, tier, tier_since, back, limited, went_to
                FROM cards c
                JOIN programs p ON p.merchant_id = merchant AND p.id = c.program_id
                JOIN program_versions v ON v.merchant_id = merchant AND v.program_id = p.id
                    AND CASE WHEN c.variant_version_id IS NULL THEN v.number = p.current_number
                             ELSE v.id = c.variant_version_id END
                WHERE c.merchant_id = merchant AND c.id = living;
                EXIT WHEN went_to IS NULL OR NOT coalesce(i.follows, false);
                living := went_to;
            END LOOP;
            clock := clock_timestamp();
            SELECT jsonb_agg(jsonb_build_array(a.unit, a.account, a.balance)) INTO balances
            FROM accounts a WHERE a.merchant_id = merchant AND a.card_id = living;
            SELECT jsonb_agg(jsonb_build_object('day', d.day, 'earnings', d.earnings,
                'visits', d.visits, 'spent', d.spent, 'points', d.points, 'given', d.given)
                ORDER BY d.day) INTO days
            FROM card_days d WHERE d.merchant_id = merchant AND d.card_id = living
                AND d.day >= (clock AT TIME ZONE 'UTC')::date - back - 2;
            budgets := NULL;
            IF limited THEN
                SELECT jsonb_object_agg(b.cap, b.given) INTO budgets FROM program_budgets b
                WHERE b.merchant_id = merchant AND b.program_id = ledger_read.program_id;
            END IF;
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$;

-- Takes an amount from a card's open lots: those of some transactions first, then the one that
-- expires soonest, then the oldest; those which never expire come last.
CREATE FUNCTION take_from_lots(
    merchant uuid, card uuid, wanted_unit text, wanted_account text, wanted bigint, by uuid,
    preferred uuid[]
) RETURNS void
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE need bigint := wanted; part bigint; l record;
BEGIN
    WHILE need > 0 LOOP
        part := 0;
        -- A few at a time, in the order of the index: a card may have a hundred thousand lots.
        FOR l IN
            (SELECT x.transaction_id, x.number, x.remaining
             FROM lots x WHERE x.merchant_id = merchant AND x.card_id = card
                AND x.transaction_id = ANY (preferred) AND x.unit = wanted_unit
                AND x.account = wanted_account AND x.remaining > 0
             ORDER BY x.expires_at NULLS LAST, x.earned_at, x.transaction_id, x.number)
            UNION ALL
            (SELECT x.transaction_id, x.number, x.remaining
             FROM lots x WHERE x.merchant_id = merchant AND x.card_id = card
                AND x.unit = wanted_unit AND x.account = wanted_account AND x.remaining > 0
                AND NOT x.transaction_id = ANY (preferred)
             ORDER BY x.expires_at NULLS LAST, x.earned_at, x.transaction_id, x.number
             LIMIT 50)
        LOOP
            EXIT WHEN need = 0;
            part := least(need, l.remaining);
            UPDATE lots x SET remaining = x.remaining - part
            WHERE x.merchant_id = merchant AND x.card_id = card AND x.unit = wanted_unit
                AND x.transaction_id = l.transaction_id AND x.number = l.number;
            INSERT INTO consumptions (merchant_id, card_id, lot_transaction_id, unit, lot_number,
                transaction_id, amount)
            VALUES (merchant, card, l.transaction_id, wanted_unit, l.number, by, part)
            ON CONFLICT ON CONSTRAINT consumptions_pkey
                DO UPDATE SET amount = consumptions.amount + excluded.amount;
            need := need - part;
        END LOOP;
        IF part = 0 THEN
            RAISE EXCEPTION 'the open lots of a card do not add up to its balance';
        END IF;
    END LOOP;
END $$;

-- Each item: the key with its answer and, unless it is a refusal, the transaction with the card
-- version it was decided on. Result per n: 'done'; 'replayed' when the key was taken meanwhile;
-- 'lost' when the card, or what the whole program may still give, changed meanwhile. Only 'done'
-- has written anything.
-- The items come in the order of their cards and keys, and budgets are locked before any card, so
-- that two sets can never wait for each other.
CREATE FUNCTION ledger_write(batch jsonb)
RETURNS TABLE (n int, result text)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    part jsonb; merchant uuid; i record; o record;
    place bigint; link bytea; tier_before text; lines int; owes boolean; written text;
    units text[]; names text[]; seqs bigint[]; deltas bigint[]; totals bigint[];
BEGIN
    FOR part IN SELECT jsonb_array_elements(batch) LOOP
        merchant := (part->>'merchant_id')::uuid;
        PERFORM set_config('app.merchant', merchant::text, true);
        IF part ? 'budgets' THEN
            PERFORM 1 FROM program_budgets b WHERE b.merchant_id = merchant
                AND b.program_id::text || b.cap IN (
                    SELECT jsonb_array_elements_text(part->'budgets'))
            ORDER BY b.program_id, b.cap FOR UPDATE;
        END IF;
        FOR i IN SELECT * FROM jsonb_to_recordset(part->'items') AS item(
            n int, principal text, key text, fingerprint text, status smallint, body text,
            card_id uuid, version bigint, transaction_id uuid, occurred_at timestamptz,
            happened_at timestamptz, program_id uuid, program_version_id uuid, kind text, location_id uuid, staff_id uuid,
            till_id uuid, source text, event_source text, source_event_id text,
            remote_address text, user_agent text,
            reverses uuid, explanation jsonb, earned_before timestamptz, memory_before jsonb,
            sale_id uuid, reason text, approved_by uuid, counterpart_card_id uuid,
            business_day date, earnings int, visits int, spent bigint, points bigint, given jsonb,
            last_earned_at timestamptz, memory jsonb, tier text, tier_since timestamptz,
            tier_review_on date, may_owe boolean,
            moves jsonb, opens jsonb, opened jsonb, lots jsonb, budgets jsonb, events jsonb)
        LOOP
            n := i.n;
            IF i.transaction_id IS NOT NULL THEN
                -- Not FOR UPDATE: a unit that just wrote a row of this card (a redemption, a
                -- pass) holds the card's key, and two of them would wait for each other.
                SELECT c.chain_number + 1, c.chain_hash, c.tier INTO place, link, tier_before
                FROM cards c
                WHERE c.merchant_id = merchant AND c.id = i.card_id AND c.version = i.version
                FOR NO KEY UPDATE;
                IF NOT FOUND OR i.budgets IS NOT NULL AND EXISTS (
                    SELECT FROM jsonb_to_recordset(i.budgets) AS w(cap text, delta bigint, most bigint)
                    JOIN program_budgets b ON b.merchant_id = merchant
                        AND b.program_id = i.program_id AND b.cap = w.cap
                    WHERE w.delta > 0 AND b.given + w.delta > w.most)
                THEN
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

            IF i.opens IS NOT NULL THEN
                INSERT INTO accounts (merchant_id, card_id, unit, account, balance, seq)
                SELECT merchant, i.card_id, a.unit, a.account, 0, 0
                FROM jsonb_to_recordset(i.opens) AS a(unit text, account text)
                ON CONFLICT DO NOTHING;
            END IF;
            WITH moved AS (
                UPDATE accounts a SET balance = a.balance + m.delta, seq = a.seq + 1
                FROM jsonb_to_recordset(i.moves) AS m(unit text, account text, delta bigint)
                WHERE a.merchant_id = merchant AND a.card_id = i.card_id
                    AND a.unit = m.unit AND a.account = m.account
                RETURNING a.unit COLLATE "C" AS unit, a.account COLLATE "C" AS account, a.seq,
                          m.delta, a.balance
            ), listed AS (SELECT * FROM moved ORDER BY unit, account)
            SELECT count(*), array_agg(unit), array_agg(account), array_agg(seq),
                   array_agg(delta), array_agg(balance),
                   bool_or(account = 'available' AND delta < 0 AND balance < 0),
                   string_agg(concat_ws('/', unit, account, seq, delta, balance), ',')
            INTO lines, units, names, seqs, deltas, totals, owes, written
            FROM listed;
            IF lines <> jsonb_array_length(i.moves) THEN
                RAISE EXCEPTION 'a move names an account the card does not have';
            END IF;
            IF owes AND NOT coalesce(i.may_owe, false) THEN
                RAISE EXCEPTION 'only a refund may leave a card below zero';
            END IF;

            link := chain_link(link, merchant::text, i.card_id::text, place::text,
                i.transaction_id::text, i.kind,
                (extract(epoch FROM i.occurred_at) * 1000000)::bigint::text,
                (extract(epoch FROM i.happened_at) * 1000000)::bigint::text,
                i.program_version_id::text, to_char(i.business_day, 'YYYY-MM-DD'),
                i.earnings::text, i.visits::text, i.spent::text, i.given::text, i.reverses::text,
                i.principal, i.source, i.location_id::text, i.till_id::text, i.staff_id::text,
                i.sale_id::text, i.approved_by::text, i.counterpart_card_id::text,
                coalesce(written, ''));
            UPDATE cards c
            SET version = c.version + 1, last_earned_at = i.last_earned_at,
                visits_total = c.visits_total + i.visits, spent_total = c.spent_total + i.spent,
                points_total = c.points_total + i.points, memory = coalesce(i.memory, c.memory),
                tier = i.tier, tier_since = i.tier_since,
                tier_review_on = coalesce(i.tier_review_on, c.tier_review_on),
                chain_number = place, chain_hash = link
            WHERE c.merchant_id = merchant AND c.id = i.card_id;
            INSERT INTO transactions
                (merchant_id, occurred_at, id, card_id, program_version_id, kind, location_id,
                 staff_id, till_id, source, remote_address, user_agent, earned_before,
                 memory_before, explanation, number, hash, business_day, earnings, visits, spent,
                 given, sale_id, reason, approved_by, counterpart_card_id, actor, happened_at)
            VALUES (merchant, i.occurred_at, i.transaction_id, i.card_id, i.program_version_id,
                    i.kind, i.location_id, i.staff_id, i.till_id, i.source, i.remote_address,
                    i.user_agent, i.earned_before, i.memory_before, i.explanation, place, link,
                    i.business_day, i.earnings, i.visits, i.spent, i.given, i.sale_id, i.reason,
                    i.approved_by, i.counterpart_card_id, i.principal, i.happened_at);
            INSERT INTO entries
                (merchant_id, card_id, unit, account, seq, occurred_at, transaction_id, delta,
                 balance_after)
            SELECT merchant, i.card_id, e.unit, e.account, e.seq, i.occurred_at, i.transaction_id,
                   e.delta, e.balance
            FROM unnest(units, names, seqs, deltas, totals)
                AS e(unit, account, seq, delta, balance);
            IF i.tier IS DISTINCT FROM tier_before THEN
                INSERT INTO tier_moves (merchant_id, card_id, id, before, tier, reason, moved_at)
                VALUES (merchant, i.card_id, i.transaction_id, tier_before, i.tier, i.kind,
                        i.occurred_at);
            END IF;
            IF i.source_event_id IS NOT NULL THEN
                INSERT INTO source_events
                    (merchant_id, source, source_event_id, effect, transaction_id)
                VALUES (merchant, coalesce(i.event_source, i.source), i.source_event_id, i.kind,
                        CASE WHEN i.sale_id IS NULL THEN i.transaction_id END);
            END IF;
            IF i.reverses IS NOT NULL THEN
                INSERT INTO reversals (merchant_id, transaction_id, reversed_by, reversed_at)
                VALUES (merchant, i.reverses, i.transaction_id, i.occurred_at);
            END IF;
            IF i.earnings <> 0 OR i.visits <> 0 OR i.spent <> 0 OR i.points <> 0
                OR i.given <> '{}'
            THEN
                INSERT INTO card_days AS d
                    (merchant_id, card_id, day, earnings, visits, spent, points, given)
                VALUES (merchant, i.card_id, i.business_day, i.earnings, i.visits, i.spent,
                        i.points, i.given)
                ON CONFLICT ON CONSTRAINT card_days_pkey DO UPDATE SET
                    earnings = d.earnings + excluded.earnings,
                    visits = d.visits + excluded.visits, spent = d.spent + excluded.spent,
                    points = d.points + excluded.points,
                    given = (
                        SELECT coalesce(jsonb_object_agg(key, amount), '{}') FROM (
                            SELECT key, sum(value::bigint) AS amount FROM (
                                SELECT * FROM jsonb_each_text(d.given)
                                UNION ALL SELECT * FROM jsonb_each_text(excluded.given)) AS joined
                            GROUP BY key) AS summed);
            END IF;
            IF i.opened IS NOT NULL THEN
                INSERT INTO lots (merchant_id, card_id, transaction_id, unit, number, account,
                    amount, remaining, earned_at, usable_from, expires_at)
                SELECT merchant, i.card_id, i.transaction_id, l.unit, l.number, l.account,
                       l.amount, l.amount, i.occurred_at, l.usable_from, l.expires_at
                FROM jsonb_to_recordset(i.opened) AS l(unit text, account text, number smallint,
                    amount bigint, usable_from timestamptz, expires_at timestamptz);
            END IF;
            FOR o IN SELECT * FROM jsonb_to_recordset(i.lots) AS move(
                act text, unit text, account text, number smallint, amount bigint,
                usable_from timestamptz, expires_at timestamptz, preferred uuid[], source uuid)
            LOOP
                IF o.act = 'open' THEN
                    INSERT INTO lots (merchant_id, card_id, transaction_id, unit, number, account,
                        amount, remaining, earned_at, usable_from, expires_at)
                    VALUES (merchant, i.card_id, i.transaction_id, o.unit, o.number, o.account,
                        o.amount, o.amount, i.occurred_at, o.usable_from, o.expires_at);
                ELSIF o.act = 'take' THEN
                    PERFORM take_from_lots(merchant, i.card_id, o.unit, o.account, o.amount,
                        i.transaction_id, o.preferred);
                ELSIF o.act = 'return' THEN
                    WITH back AS (
                        INSERT INTO consumptions (merchant_id, card_id, lot_transaction_id, unit,
                            lot_number, transaction_id, amount)
                        SELECT merchant, i.card_id, s.lot_transaction_id, s.unit, s.lot_number,
                               i.transaction_id, -s.amount
                        FROM consumptions s WHERE s.merchant_id = merchant
                            AND s.card_id = i.card_id AND s.transaction_id = o.source
                            AND s.unit = o.unit
                        RETURNING lot_transaction_id, lot_number, amount
                    ), restored AS (
                        UPDATE lots x SET remaining = x.remaining - back.amount,
                            -- Once: nothing lives for ever by being set aside again and again.
                            expires_at = CASE
                                WHEN x.expires_at <= i.occurred_at AND o.expires_at > x.expires_at
                                    AND NOT x.had_grace
                                THEN o.expires_at ELSE x.expires_at END,
                            had_grace = x.had_grace OR coalesce(
                                x.expires_at <= i.occurred_at AND o.expires_at > x.expires_at,
                                false)
                        FROM back WHERE x.merchant_id = merchant AND x.card_id = i.card_id
                            AND x.unit = o.unit AND x.transaction_id = back.lot_transaction_id
                            AND x.number = back.lot_number
                        RETURNING back.amount
                    )
                    SELECT o.amount + coalesce(sum(amount), 0) INTO o.amount FROM restored;
                    IF o.amount > 0 THEN
                        -- What had been owed was taken from no lot, so it comes back as a new one.
                        INSERT INTO lots (merchant_id, card_id, transaction_id, unit, number,
                            account, amount, remaining, earned_at)
                        VALUES (merchant, i.card_id, i.transaction_id, o.unit, o.number, o.account,
                            o.amount, o.amount, i.occurred_at);
                    END IF;
                ELSIF o.act = 'release' THEN
                    UPDATE lots x SET account = 'available' WHERE x.merchant_id = merchant
                        AND x.card_id = i.card_id AND x.unit = o.unit AND x.account = 'pending'
                        AND x.remaining > 0 AND x.usable_from <= i.occurred_at;
                ELSIF o.act = 'slide' THEN
                    -- Never to an earlier end: a sale of long ago may be told of, or corrected,
                    -- late. What never ends is left alone.
                    UPDATE lots x SET expires_at = o.expires_at
                    WHERE x.merchant_id = merchant AND x.card_id = i.card_id
                        AND x.unit = o.unit AND x.remaining > 0 AND x.expires_at < o.expires_at;
                END IF;
            END LOOP;
            IF i.budgets IS NOT NULL THEN
                UPDATE program_budgets b SET given = greatest(b.given + w.delta, 0)
                FROM jsonb_to_recordset(i.budgets) AS w(cap text, delta bigint)
                WHERE b.merchant_id = merchant AND b.program_id = i.program_id AND b.cap = w.cap;
            END IF;
            INSERT INTO outbox (merchant_id, id, type, data, announced_at)
            SELECT merchant, e.id, e.type, e.data, i.occurred_at
            FROM jsonb_to_recordset(i.events) AS e(id uuid, type text, data jsonb);
        END LOOP;
    END LOOP;
END $$;
