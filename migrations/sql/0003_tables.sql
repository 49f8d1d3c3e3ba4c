-- Every kind of program, rewards in a catalogue, sales, lots, and a ledger that can be audited.

-- The owner is closed out of the rows like everybody else, unless it says so.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['programs', 'program_versions', 'rewards', 'redemptions', 'cards',
        'accounts', 'transactions', 'entries', 'reversals'] LOOP
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;

-- Programs: a schedule, a name to search by, the kinds of their rules to filter by.
ALTER TABLE programs
    ADD COLUMN name TEXT,
    ADD COLUMN rule_kinds TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN starts_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN ends_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN deleted_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN turns_at TIMESTAMP WITH TIME ZONE,
    DROP CONSTRAINT programs_status_check;
UPDATE programs p SET rule_kinds = ARRAY['stamp_card'], name = v.name FROM program_versions v
WHERE v.merchant_id = p.merchant_id AND v.program_id = p.id AND v.number = p.current_number;
ALTER TABLE programs
    ALTER COLUMN name SET NOT NULL,
    ALTER COLUMN rule_kinds DROP DEFAULT,
    ADD CONSTRAINT programs_status_check CHECK (status IN ('draft', 'scheduled', 'active', 'paused', 'ended')),
    ADD CONSTRAINT programs_schedule_check CHECK (starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at);
CREATE INDEX programs_listed_index ON programs (merchant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX programs_by_status_index ON programs (merchant_id, status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX programs_by_name_index ON programs (merchant_id, name, id) WHERE deleted_at IS NULL;
CREATE INDEX programs_deleted_index ON programs (merchant_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX programs_starting_index ON programs (starts_at) WHERE status = 'scheduled' AND deleted_at IS NULL;
CREATE INDEX programs_turning_index ON programs (turns_at) WHERE rule_kinds && ARRAY['amount_spent', 'visit_frequency'] AND status IN ('active', 'paused', 'ended');
CREATE INDEX programs_ending_index ON programs (ends_at) WHERE status IN ('scheduled', 'active', 'paused') AND deleted_at IS NULL;

ALTER TABLE program_versions
    ADD COLUMN description TEXT DEFAULT '' NOT NULL,
    ADD COLUMN plan JSONB,
    ADD COLUMN look_back_days INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN has_budgets BOOLEAN DEFAULT false NOT NULL;
UPDATE program_versions SET plan = jsonb_build_object(
    'rules', jsonb_build_array(jsonb_build_object(
        'type', 'stamp_card', 'stamps_required', rule->'target',
        'reward', jsonb_build_object('type', 'free_item', 'description', rule->'reward'))),
    'limits', jsonb_build_object(
        'cooldown_minutes', (rule->>'cooldown_seconds')::int / 60, 'daily_limit', rule->'daily_limit'));
ALTER TABLE program_versions
    ALTER COLUMN plan SET NOT NULL, ALTER COLUMN description DROP DEFAULT,
    ALTER COLUMN look_back_days DROP DEFAULT, ALTER COLUMN has_budgets DROP DEFAULT,
    DROP COLUMN rule_kind, DROP COLUMN rule;

CREATE TABLE program_budgets (
    merchant_id UUID NOT NULL,
    program_id UUID NOT NULL,
    cap TEXT NOT NULL,
    given BIGINT NOT NULL,
    CONSTRAINT program_budgets_pkey PRIMARY KEY (merchant_id, program_id, cap),
    CONSTRAINT program_budgets_merchant_id_program_id_fkey FOREIGN KEY(merchant_id, program_id) REFERENCES programs (merchant_id, id),
    CONSTRAINT program_budgets_given_check CHECK (given >= 0)
);

CREATE TABLE experiments (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    hold_out INTEGER NOT NULL,
    variants JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT experiments_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT experiments_merchant_id_program_id_fkey FOREIGN KEY(merchant_id, program_id) REFERENCES programs (merchant_id, id),
    CONSTRAINT experiments_merchant_id_program_id_key_key UNIQUE (merchant_id, program_id, key),
    CONSTRAINT experiments_status_check CHECK (status IN ('draft', 'running', 'ended'))
);
CREATE UNIQUE INDEX experiments_running_index ON experiments (merchant_id, program_id) WHERE status = 'running';

CREATE TABLE segments (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    definition JSONB NOT NULL,
    revision INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT segments_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT segments_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);

-- Cards: what they did in all, what they remember per rule, their tier, their place in the chain.
ALTER TABLE cards
    ADD COLUMN variant TEXT,
    ADD COLUMN variant_version_id UUID,
    ADD COLUMN visits_total BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN spent_total BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN points_total BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN memory JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN tier TEXT,
    ADD COLUMN tier_since TIMESTAMP WITH TIME ZONE,
    ADD COLUMN tier_review_on DATE,
    ADD COLUMN chain_number BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN chain_hash BYTEA DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000' NOT NULL,
    ADD COLUMN merged_into UUID,
    ADD COLUMN blocked_reason TEXT,
    DROP COLUMN earned_on,
    DROP COLUMN earned_that_day,
    DROP CONSTRAINT cards_status_check,
    ADD CONSTRAINT cards_status_check CHECK (status IN ('active', 'blocked', 'merged')),
    ADD CONSTRAINT cards_merchant_id_variant_version_id_fkey FOREIGN KEY(merchant_id, variant_version_id) REFERENCES program_versions (merchant_id, id),
    ADD CONSTRAINT cards_merchant_id_merged_into_fkey FOREIGN KEY(merchant_id, merged_into) REFERENCES cards (merchant_id, id);
CREATE INDEX cards_tier_review_index ON cards (tier_review_on) WHERE tier_review_on IS NOT NULL;
CREATE INDEX cards_program_index ON cards (merchant_id, program_id, id);
CREATE INDEX cards_merged_index ON cards (merchant_id, merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE accounts
    DROP CONSTRAINT accounts_account_check,
    DROP CONSTRAINT accounts_balance_check,
    ADD CONSTRAINT accounts_account_check CHECK (account IN ('issued', 'pending', 'available', 'reserved', 'redeemed', 'expired', 'adjusted')),
    ADD CONSTRAINT accounts_balance_check CHECK (balance >= 0 OR account IN ('issued', 'adjusted', 'available'));
DELETE FROM accounts WHERE seq = 0;

CREATE TABLE card_days (
    merchant_id UUID NOT NULL,
    card_id UUID NOT NULL,
    day DATE NOT NULL,
    earnings INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    spent BIGINT NOT NULL,
    points BIGINT NOT NULL,
    given JSONB NOT NULL,
    CONSTRAINT card_days_pkey PRIMARY KEY (merchant_id, card_id, day),
    CONSTRAINT card_days_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id)
)
 WITH (fillfactor = 80);

CREATE TABLE tier_moves (
    merchant_id UUID NOT NULL,
    card_id UUID NOT NULL,
    id UUID NOT NULL,
    before TEXT,
    tier TEXT,
    reason TEXT NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT tier_moves_pkey PRIMARY KEY (merchant_id, card_id, id),
    CONSTRAINT tier_moves_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id)
);

CREATE TABLE sales (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    card_id UUID NOT NULL,
    source TEXT NOT NULL,
    reference TEXT NOT NULL,
    currency TEXT NOT NULL,
    total_paid BIGINT NOT NULL,
    total_refunded BIGINT NOT NULL,
    lines JSONB NOT NULL,
    program_version_id UUID NOT NULL,
    location_id UUID NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    business_day DATE NOT NULL,
    basis JSONB NOT NULL,
    given JSONB NOT NULL,
    transactions UUID[] NOT NULL,
    sequence BIGINT,
    revision INTEGER NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT sales_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT sales_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT sales_merchant_id_program_version_id_fkey FOREIGN KEY(merchant_id, program_version_id) REFERENCES program_versions (merchant_id, id),
    CONSTRAINT sales_merchant_id_location_id_fkey FOREIGN KEY(merchant_id, location_id) REFERENCES locations (merchant_id, id),
    CONSTRAINT sales_merchant_id_source_reference_key UNIQUE (merchant_id, source, reference),
    CONSTRAINT sales_total_check CHECK (total_refunded BETWEEN 0 AND total_paid)
);
CREATE INDEX sales_merchant_id_card_id_occurred_at_index ON sales (merchant_id, card_id, occurred_at);

-- The reference of a sale is taken for a visit too; what a sale gave, its own row knows.
ALTER TABLE source_events ALTER COLUMN transaction_id DROP NOT NULL;

-- Transactions: their place in the card's chain, and everything a card's days are made of.
-- The hash of what stood before and of these parts, a line each, `-` for what there is none of.
CREATE FUNCTION chain_link(previous bytea, VARIADIC parts text[]) RETURNS bytea
LANGUAGE sql STABLE
AS $$
SELECT sha256(previous || convert_to(array_to_string(parts, E'\n', '-'), 'UTF8'))
$$;

ALTER TABLE transactions
    ADD COLUMN number BIGINT,
    ADD COLUMN hash BYTEA,
    ADD COLUMN actor TEXT,
    ADD COLUMN happened_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN business_day DATE,
    ADD COLUMN earnings INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN visits INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN spent BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN given JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN memory_before JSONB,
    ADD COLUMN sale_id UUID,
    ADD COLUMN reason TEXT,
    ADD COLUMN approved_by UUID,
    ADD COLUMN counterpart_card_id UUID;
UPDATE transactions SET kind = 'lapse' WHERE kind = 'expire';
UPDATE transactions t SET
    actor = coalesce('staff:' || t.staff_id, t.source),
    happened_at = t.occurred_at,
    business_day = (t.occurred_at AT TIME ZONE coalesce(l.time_zone, 'UTC')
        - make_interval(hours => coalesce(l.cutoff_hour, 0)))::date,
    earnings = CASE t.kind WHEN 'earn' THEN 1 WHEN 'reverse' THEN -1 ELSE 0 END,
    given = CASE t.kind WHEN 'earn' THEN '{"stamps": 1}'::jsonb
        WHEN 'reverse' THEN '{"stamps": -1}' ELSE '{}' END
FROM transactions u LEFT JOIN locations l ON l.merchant_id = u.merchant_id AND l.id = u.location_id
WHERE u.merchant_id = t.merchant_id AND u.occurred_at = t.occurred_at AND u.id = t.id;
-- A day with an earning that was not undone is one visit, that of its first.
UPDATE transactions t SET visits = 1 FROM (
    SELECT DISTINCT ON (merchant_id, card_id, business_day) merchant_id, occurred_at, id,
           sum(earnings) OVER (PARTITION BY merchant_id, card_id, business_day) AS earnings
    FROM transactions WHERE kind IN ('earn', 'reverse')
    ORDER BY merchant_id, card_id, business_day, occurred_at, id) AS first
WHERE first.merchant_id = t.merchant_id AND first.occurred_at = t.occurred_at
    AND first.id = t.id AND first.earnings > 0;
DO $$
DECLARE t record; card uuid; link bytea; place bigint;
BEGIN
    FOR t IN SELECT x.*, r.transaction_id AS reverses, (
            SELECT string_agg(format('%s/%s/%s/%s/%s', e.unit, e.account, e.seq, e.delta,
                e.balance_after), ',' ORDER BY e.unit COLLATE "C", e.account COLLATE "C")
            FROM entries e WHERE e.merchant_id = x.merchant_id
                AND e.occurred_at = x.occurred_at AND e.transaction_id = x.id) AS lines
        FROM transactions x LEFT JOIN reversals r
            ON r.merchant_id = x.merchant_id AND r.reversed_by = x.id
        ORDER BY x.merchant_id, x.card_id, x.occurred_at, x.id
    LOOP
        IF card IS DISTINCT FROM t.card_id THEN
            card := t.card_id;
            place := 0;
            link := decode(repeat('00', 32), 'hex');
        END IF;
        place := place + 1;
        link := chain_link(link, t.merchant_id::text, t.card_id::text, place::text, t.id::text,
            t.kind, (extract(epoch FROM t.occurred_at) * 1000000)::bigint::text,
            (extract(epoch FROM t.happened_at) * 1000000)::bigint::text,
            t.program_version_id::text, to_char(t.business_day, 'YYYY-MM-DD'), t.earnings::text,
            t.visits::text, t.spent::text, t.given::text, t.reverses::text, t.actor, t.source,
            t.location_id::text, t.till_id::text, t.staff_id::text, NULL, NULL, NULL,
            coalesce(t.lines, ''));
        UPDATE transactions SET number = place, hash = link
        WHERE merchant_id = t.merchant_id AND occurred_at = t.occurred_at AND id = t.id;
        UPDATE cards SET chain_number = place, chain_hash = link
        WHERE merchant_id = t.merchant_id AND id = t.card_id;
    END LOOP;
END $$;
ALTER TABLE transactions
    ALTER COLUMN number SET NOT NULL, ALTER COLUMN hash SET NOT NULL,
    ALTER COLUMN actor SET NOT NULL, ALTER COLUMN happened_at SET NOT NULL,
    ALTER COLUMN business_day SET NOT NULL,
    ALTER COLUMN earnings DROP DEFAULT, ALTER COLUMN visits DROP DEFAULT,
    ALTER COLUMN spent DROP DEFAULT, ALTER COLUMN given DROP DEFAULT;
INSERT INTO card_days (merchant_id, card_id, day, earnings, visits, spent, points, given)
SELECT merchant_id, card_id, business_day, sum(earnings), least(sum(visits), 1), 0, 0,
       jsonb_build_object('stamps', sum(earnings))
FROM transactions GROUP BY merchant_id, card_id, business_day HAVING sum(earnings) > 0;
UPDATE cards c SET visits_total = d.visits FROM (
    SELECT merchant_id, card_id, sum(visits) AS visits FROM card_days GROUP BY merchant_id, card_id
) AS d WHERE d.merchant_id = c.merchant_id AND d.card_id = c.id;

-- By time before unit, so that what a transaction wrote is found however long the card's past is.
ALTER TABLE entries
    DROP CONSTRAINT entries_pkey,
    ADD CONSTRAINT entries_pkey PRIMARY KEY (merchant_id, card_id, occurred_at, unit, account, seq);

CREATE TABLE lots (
    merchant_id UUID NOT NULL,
    card_id UUID NOT NULL,
    transaction_id UUID NOT NULL,
    unit TEXT NOT NULL,
    number SMALLINT NOT NULL,
    account TEXT NOT NULL,
    amount BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    earned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    usable_from TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    noticed_for TIMESTAMP WITH TIME ZONE,
    had_grace BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT lots_pkey PRIMARY KEY (merchant_id, card_id, transaction_id, unit, number),
    CONSTRAINT lots_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT lots_account_check CHECK (account IN ('pending', 'available')),
    CONSTRAINT lots_amount_check CHECK (amount > 0),
    CONSTRAINT lots_remaining_check CHECK (remaining BETWEEN 0 AND amount)
)
 WITH (fillfactor = 80);
CREATE INDEX lots_open_index ON lots (merchant_id, card_id, unit, account, expires_at, earned_at, transaction_id, number) WHERE remaining > 0;
CREATE INDEX lots_expiring_index ON lots (expires_at) WHERE remaining > 0 AND account = 'available' AND expires_at IS NOT NULL;
CREATE INDEX lots_maturing_index ON lots (usable_from) WHERE remaining > 0 AND account = 'pending';

-- What a transaction took from a lot, or, below zero, put back.
CREATE TABLE consumptions (
    merchant_id UUID NOT NULL,
    card_id UUID NOT NULL,
    lot_transaction_id UUID NOT NULL,
    unit TEXT NOT NULL,
    lot_number SMALLINT NOT NULL,
    transaction_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT consumptions_pkey PRIMARY KEY (merchant_id, card_id, transaction_id, unit, lot_transaction_id, lot_number),
    CONSTRAINT consumptions_lot_fkey FOREIGN KEY(merchant_id, card_id, lot_transaction_id, unit, lot_number) REFERENCES lots (merchant_id, card_id, transaction_id, unit, number)
);

-- What stood on cards until now becomes one lot each, that of the card's latest transaction.
INSERT INTO lots (merchant_id, card_id, transaction_id, unit, number, account, amount, remaining, earned_at)
SELECT c.merchant_id, c.id, t.id, a.unit, 0, 'available', a.balance + coalesce(r.balance, 0),
       a.balance + coalesce(r.balance, 0), t.occurred_at
FROM cards c
JOIN accounts a ON a.merchant_id = c.merchant_id AND a.card_id = c.id AND a.account = 'available'
LEFT JOIN accounts r ON r.merchant_id = c.merchant_id AND r.card_id = c.id AND r.unit = a.unit
    AND r.account = 'reserved'
CROSS JOIN LATERAL (
    SELECT id, occurred_at FROM transactions t
    WHERE t.merchant_id = c.merchant_id AND t.card_id = c.id AND t.kind = 'earn'
    ORDER BY occurred_at DESC, id DESC LIMIT 1) AS t
WHERE a.balance + coalesce(r.balance, 0) > 0;

-- Rewards: what a version promises, and the merchant's catalogue beside it.
ALTER TABLE rewards
    ADD COLUMN program_id UUID,
    ADD COLUMN key TEXT,
    ADD COLUMN category TEXT,
    ADD COLUMN description TEXT DEFAULT '' NOT NULL,
    ADD COLUMN terms TEXT DEFAULT '' NOT NULL,
    ADD COLUMN image TEXT,
    ADD COLUMN localised JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN promise JSONB,
    ADD COLUMN tier_min TEXT,
    ADD COLUMN per_member_max INTEGER,
    ADD COLUMN stock BIGINT,
    ADD COLUMN valid_from TIMESTAMP WITH TIME ZONE,
    ADD COLUMN valid_until TIMESTAMP WITH TIME ZONE,
    ADD COLUMN reservation_minutes INTEGER DEFAULT 15 NOT NULL,
    ADD COLUMN needs_fulfilment BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN active BOOLEAN DEFAULT true NOT NULL,
    ADD COLUMN revision INTEGER DEFAULT 1 NOT NULL,
    ADD COLUMN created_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN deleted_at TIMESTAMP WITH TIME ZONE,
    ALTER COLUMN program_version_id DROP NOT NULL;
UPDATE rewards r SET program_id = v.program_id, key = 'stamps', created_at = v.published_at,
    promise = jsonb_build_object('type', 'free_item', 'description', r.name)
FROM program_versions v WHERE v.merchant_id = r.merchant_id AND v.id = r.program_version_id;
ALTER TABLE rewards
    ALTER COLUMN program_id SET NOT NULL, ALTER COLUMN created_at SET NOT NULL,
    ALTER COLUMN description DROP DEFAULT, ALTER COLUMN terms DROP DEFAULT,
    ALTER COLUMN localised DROP DEFAULT, ALTER COLUMN reservation_minutes DROP DEFAULT,
    ALTER COLUMN needs_fulfilment DROP DEFAULT, ALTER COLUMN active DROP DEFAULT,
    ALTER COLUMN revision DROP DEFAULT,
    ADD CONSTRAINT rewards_merchant_id_program_id_fkey FOREIGN KEY(merchant_id, program_id) REFERENCES programs (merchant_id, id),
    ADD CONSTRAINT rewards_stock_check CHECK (stock >= 0);
CREATE INDEX rewards_catalogue_index ON rewards (merchant_id, program_id, created_at) WHERE program_version_id IS NULL AND deleted_at IS NULL;

CREATE TABLE reward_pictures (
    merchant_id UUID NOT NULL,
    address TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    tries INTEGER NOT NULL,
    reason TEXT,
    content BYTEA,
    digest TEXT,
    CONSTRAINT reward_pictures_pkey PRIMARY KEY (merchant_id, address),
    CONSTRAINT reward_pictures_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT reward_pictures_content_check CHECK ((content IS NULL) = (digest IS NULL))
);
CREATE INDEX reward_pictures_merchant_id_digest_index ON reward_pictures (merchant_id, digest);
CREATE INDEX reward_pictures_due_index ON reward_pictures (due_at) WHERE due_at IS NOT NULL;

ALTER TABLE redemptions
    ADD COLUMN unit TEXT DEFAULT 'stamp' NOT NULL,
    ADD COLUMN cost BIGINT,
    ADD COLUMN transaction_id UUID,
    ADD COLUMN end_transaction_id UUID,
    ADD COLUMN has_taken_stock BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN fulfilment TEXT DEFAULT 'none' NOT NULL,
    ADD COLUMN fulfilled_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN fulfilled_by TEXT,
    ADD COLUMN reversed_at TIMESTAMP WITH TIME ZONE,
    DROP CONSTRAINT redemptions_status_check;
UPDATE redemptions d SET cost = r.cost FROM rewards r
WHERE r.merchant_id = d.merchant_id AND r.id = d.reward_id;
UPDATE redemptions d SET transaction_id = (
    SELECT t.id FROM transactions t WHERE t.merchant_id = d.merchant_id AND t.card_id = d.card_id
        AND t.kind = 'reserve' AND t.occurred_at >= d.reserved_at ORDER BY t.occurred_at LIMIT 1);
INSERT INTO consumptions (merchant_id, card_id, lot_transaction_id, unit, lot_number, transaction_id, amount)
SELECT d.merchant_id, d.card_id, l.transaction_id, l.unit, l.number, d.transaction_id, d.cost
FROM redemptions d JOIN lots l ON l.merchant_id = d.merchant_id AND l.card_id = d.card_id
WHERE d.status = 'reserved' AND d.transaction_id IS NOT NULL;
UPDATE lots l SET remaining = l.remaining - c.amount FROM (
    SELECT merchant_id, card_id, lot_transaction_id, unit, sum(amount) AS amount
    FROM consumptions GROUP BY 1, 2, 3, 4) AS c
WHERE c.merchant_id = l.merchant_id AND c.card_id = l.card_id
    AND c.lot_transaction_id = l.transaction_id AND c.unit = l.unit;
ALTER TABLE redemptions
    ALTER COLUMN unit DROP DEFAULT, ALTER COLUMN cost SET NOT NULL,
    ALTER COLUMN fulfilment DROP DEFAULT, ALTER COLUMN has_taken_stock DROP DEFAULT,
    ALTER COLUMN transaction_id SET NOT NULL,
    ADD CONSTRAINT redemptions_status_check CHECK (status IN ('reserved', 'redeemed', 'cancelled', 'expired', 'reversed')),
    ADD CONSTRAINT redemptions_fulfilment_check CHECK (fulfilment IN ('none', 'open', 'fulfilled'));
CREATE INDEX redemptions_merchant_id_code_index ON redemptions (merchant_id, code) WHERE status = 'reserved' OR fulfilment = 'open';
CREATE INDEX redemptions_merchant_id_reward_id_card_id_index ON redemptions (merchant_id, reward_id, card_id);

CREATE TABLE ledger_settings (
    merchant_id UUID NOT NULL,
    adjust_alone_max BIGINT NOT NULL,
    CONSTRAINT ledger_settings_pkey PRIMARY KEY (merchant_id),
    CONSTRAINT ledger_settings_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT ledger_settings_adjust_alone_max_check CHECK (adjust_alone_max >= 0)
);

CREATE TABLE adjustments (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    card_id UUID NOT NULL,
    unit TEXT NOT NULL,
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    may_owe BOOLEAN NOT NULL,
    status TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_by_staff_id UUID,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by_staff_id UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    transaction_id UUID,
    CONSTRAINT adjustments_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT adjustments_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT adjustments_status_check CHECK (status IN ('asked', 'posted', 'refused')),
    CONSTRAINT adjustments_amount_check CHECK (amount <> 0)
);
CREATE INDEX adjustments_merchant_id_card_id_asked_at_index ON adjustments (merchant_id, card_id, asked_at);
CREATE INDEX adjustments_asked_index ON adjustments (merchant_id, asked_at) WHERE status = 'asked';

-- Signed now and then: the heads of all chains that grew since the checkpoint before.
CREATE TABLE checkpoints (
    merchant_id UUID NOT NULL,
    number BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    previous BYTEA NOT NULL,
    root BYTEA NOT NULL,
    heads BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    signature TEXT NOT NULL,
    CONSTRAINT checkpoints_pkey PRIMARY KEY (merchant_id, number),
    CONSTRAINT checkpoints_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);

CREATE TABLE checkpoint_heads (
    merchant_id UUID NOT NULL,
    checkpoint_number BIGINT NOT NULL,
    card_id UUID NOT NULL,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT checkpoint_heads_pkey PRIMARY KEY (merchant_id, checkpoint_number, card_id),
    CONSTRAINT checkpoint_heads_merchant_id_checkpoint_number_fkey FOREIGN KEY(merchant_id, checkpoint_number) REFERENCES checkpoints (merchant_id, number)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['programs', 'program_versions', 'rewards', 'redemptions', 'cards',
        'accounts', 'transactions', 'entries', 'reversals'] LOOP
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;
