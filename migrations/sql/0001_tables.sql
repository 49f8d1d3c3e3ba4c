-- Tables, in the order their references need.

CREATE SEQUENCE pass_tags;

CREATE TABLE deliveries (
    merchant_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID NOT NULL,
    channel TEXT NOT NULL,
    topic TEXT NOT NULL,
    target TEXT NOT NULL,
    event_id UUID NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lease UUID,
    leased_until TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT deliveries_pkey PRIMARY KEY (merchant_id, created_at, id),
    CONSTRAINT deliveries_state_check CHECK (state IN ('waiting', 'done', 'dead'))
)
 PARTITION BY RANGE (created_at);
CREATE INDEX deliveries_target_index ON deliveries (merchant_id, channel, topic, target) WHERE state = 'waiting';
CREATE INDEX deliveries_waiting_index ON deliveries (merchant_id, next_at) WHERE state = 'waiting';

CREATE TABLE idempotency_keys (
    merchant_id UUID NOT NULL,
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    status SMALLINT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (merchant_id, principal, key)
);
CREATE INDEX idempotency_keys_created_at_index ON idempotency_keys (created_at);

CREATE TABLE merchants (
    id UUID NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT merchants_pkey PRIMARY KEY (id),
    CONSTRAINT merchants_slug_key UNIQUE (slug)
);

CREATE TABLE outbox (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    type TEXT NOT NULL,
    data JSONB NOT NULL,
    announced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    relayed_at TIMESTAMP WITH TIME ZONE,
    dead_reason TEXT,
    CONSTRAINT outbox_pkey PRIMARY KEY (merchant_id, id)
);
CREATE INDEX outbox_relayed_index ON outbox (relayed_at) WHERE relayed_at IS NOT NULL;
CREATE INDEX outbox_waiting_index ON outbox (merchant_id, announced_at) WHERE relayed_at IS NULL;

CREATE TABLE source_events (
    merchant_id UUID NOT NULL,
    source TEXT NOT NULL,
    source_event_id TEXT NOT NULL,
    effect TEXT NOT NULL,
    transaction_id UUID NOT NULL,
    CONSTRAINT source_events_pkey PRIMARY KEY (merchant_id, source, source_event_id, effect)
);

CREATE TABLE api_keys (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    scopes TEXT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT api_keys_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT api_keys_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);

CREATE TABLE apple_pass_types (
    merchant_id UUID NOT NULL,
    pass_type_identifier TEXT NOT NULL,
    team_identifier TEXT NOT NULL,
    organization_name TEXT NOT NULL,
    CONSTRAINT apple_pass_types_pkey PRIMARY KEY (merchant_id, pass_type_identifier),
    CONSTRAINT apple_pass_types_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT apple_pass_types_pass_type_identifier_key UNIQUE (pass_type_identifier)
);

CREATE TABLE attempts (
    merchant_id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    tries INTEGER NOT NULL,
    window_began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT attempts_pkey PRIMARY KEY (merchant_id, kind, subject),
    CONSTRAINT attempts_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);

CREATE TABLE audit (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail JSONB NOT NULL,
    request_id TEXT,
    remote_address TEXT,
    CONSTRAINT audit_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT audit_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);
CREATE INDEX audit_merchant_id_happened_at_index ON audit (merchant_id, happened_at);

CREATE TABLE customers (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    wrapped_key BYTEA,
    contact_kind TEXT NOT NULL,
    contact_sealed BYTEA,
    contact_index BYTEA,
    language TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT customers_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT customers_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT customers_merchant_id_contact_index_key UNIQUE (merchant_id, contact_index),
    CONSTRAINT customers_contact_kind_check CHECK (contact_kind IN ('mail', 'phone'))
);

CREATE TABLE locations (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    cutoff_hour INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT locations_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT locations_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT locations_merchant_id_code_key UNIQUE (merchant_id, code),
    CONSTRAINT locations_cutoff_hour_check CHECK (cutoff_hour BETWEEN 0 AND 12)
);

CREATE TABLE programs (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    current_number INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT programs_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT programs_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT programs_status_check CHECK (status IN ('draft', 'active', 'paused', 'ended'))
);

CREATE TABLE reversals (
    merchant_id UUID NOT NULL,
    transaction_id UUID NOT NULL,
    reversed_by UUID NOT NULL,
    reversed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT reversals_pkey PRIMARY KEY (merchant_id, transaction_id),
    CONSTRAINT reversals_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);

CREATE TABLE staff (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    pin_hash TEXT,
    email TEXT,
    password_hash TEXT,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT staff_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT staff_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT staff_merchant_id_email_key UNIQUE (merchant_id, email)
);

CREATE TABLE cards (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    code TEXT NOT NULL,
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    last_earned_at TIMESTAMP WITH TIME ZONE,
    earned_on DATE,
    earned_that_day INTEGER NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT cards_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT cards_merchant_id_program_id_fkey FOREIGN KEY(merchant_id, program_id) REFERENCES programs (merchant_id, id),
    CONSTRAINT cards_merchant_id_customer_id_fkey FOREIGN KEY(merchant_id, customer_id) REFERENCES customers (merchant_id, id),
    CONSTRAINT cards_merchant_id_code_key UNIQUE (merchant_id, code),
    CONSTRAINT cards_merchant_id_program_id_customer_id_key UNIQUE (merchant_id, program_id, customer_id),
    CONSTRAINT cards_status_check CHECK (status IN ('active', 'blocked'))
)
 WITH (fillfactor = 80);
CREATE INDEX cards_merchant_id_opened_at_id_index ON cards (merchant_id, opened_at, id);

CREATE TABLE consents (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    granted BOOLEAN NOT NULL,
    wording TEXT NOT NULL,
    source TEXT NOT NULL,
    remote_address TEXT,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT consents_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT consents_merchant_id_customer_id_fkey FOREIGN KEY(merchant_id, customer_id) REFERENCES customers (merchant_id, id)
);
CREATE INDEX consents_merchant_id_customer_id_channel_purpose_given_at_index ON consents (merchant_id, customer_id, channel, purpose, given_at);

CREATE TABLE devices (
    merchant_id UUID NOT NULL,
    pass_type_identifier TEXT NOT NULL,
    device_library_identifier TEXT NOT NULL,
    push_token TEXT NOT NULL,
    registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT devices_pkey PRIMARY KEY (merchant_id, pass_type_identifier, device_library_identifier),
    CONSTRAINT devices_merchant_id_pass_type_identifier_fkey FOREIGN KEY(merchant_id, pass_type_identifier) REFERENCES apple_pass_types (merchant_id, pass_type_identifier)
);

CREATE TABLE program_versions (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    rule_kind TEXT NOT NULL,
    rule JSONB NOT NULL,
    look JSONB NOT NULL,
    published_by UUID,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT program_versions_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT program_versions_merchant_id_program_id_fkey FOREIGN KEY(merchant_id, program_id) REFERENCES programs (merchant_id, id),
    CONSTRAINT program_versions_merchant_id_published_by_fkey FOREIGN KEY(merchant_id, published_by) REFERENCES staff (merchant_id, id),
    CONSTRAINT program_versions_merchant_id_program_id_number_key UNIQUE (merchant_id, program_id, number)
);

CREATE TABLE tills (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    location_id UUID NOT NULL,
    name TEXT NOT NULL,
    pairing_hash BYTEA,
    pairing_expires_at TIMESTAMP WITH TIME ZONE,
    secret_hash BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    paired_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT tills_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT tills_merchant_id_location_id_fkey FOREIGN KEY(merchant_id, location_id) REFERENCES locations (merchant_id, id),
    CONSTRAINT tills_merchant_id_pairing_hash_key UNIQUE (merchant_id, pairing_hash)
);

CREATE TABLE accounts (
    merchant_id UUID NOT NULL,
    card_id UUID NOT NULL,
    unit TEXT NOT NULL,
    account TEXT NOT NULL,
    balance BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (merchant_id, card_id, unit, account),
    CONSTRAINT accounts_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT accounts_account_check CHECK (account IN ('issued', 'available', 'reserved', 'redeemed')),
    CONSTRAINT accounts_balance_check CHECK (account = 'issued' OR balance >= 0)
)
 WITH (fillfactor = 80);

CREATE TABLE passes (
    merchant_id UUID NOT NULL,
    pass_type_identifier TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    card_id UUID NOT NULL,
    published_version BIGINT NOT NULL,
    tag BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    fetched_version BIGINT,
    fetched_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT passes_pkey PRIMARY KEY (merchant_id, pass_type_identifier, serial_number),
    CONSTRAINT passes_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT passes_merchant_id_pass_type_identifier_fkey FOREIGN KEY(merchant_id, pass_type_identifier) REFERENCES apple_pass_types (merchant_id, pass_type_identifier),
    CONSTRAINT passes_merchant_id_card_id_pass_type_identifier_key UNIQUE (merchant_id, card_id, pass_type_identifier)
);

CREATE TABLE rewards (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    program_version_id UUID NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    cost BIGINT NOT NULL,
    CONSTRAINT rewards_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT rewards_merchant_id_program_version_id_fkey FOREIGN KEY(merchant_id, program_version_id) REFERENCES program_versions (merchant_id, id),
    CONSTRAINT rewards_cost_check CHECK (cost > 0)
);
CREATE INDEX rewards_merchant_id_program_version_id_index ON rewards (merchant_id, program_version_id);

CREATE TABLE sessions (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    secret_hash BYTEA NOT NULL,
    staff_id UUID NOT NULL,
    till_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT sessions_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT sessions_merchant_id_staff_id_fkey FOREIGN KEY(merchant_id, staff_id) REFERENCES staff (merchant_id, id),
    CONSTRAINT sessions_merchant_id_till_id_fkey FOREIGN KEY(merchant_id, till_id) REFERENCES tills (merchant_id, id)
);

CREATE TABLE transactions (
    merchant_id UUID NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID NOT NULL,
    card_id UUID NOT NULL,
    program_version_id UUID NOT NULL,
    kind TEXT NOT NULL,
    location_id UUID,
    staff_id UUID,
    till_id UUID,
    source TEXT NOT NULL,
    remote_address TEXT,
    user_agent TEXT,
    earned_before TIMESTAMP WITH TIME ZONE,
    explanation JSONB NOT NULL,
    CONSTRAINT transactions_pkey PRIMARY KEY (merchant_id, occurred_at, id),
    CONSTRAINT transactions_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT transactions_merchant_id_program_version_id_fkey FOREIGN KEY(merchant_id, program_version_id) REFERENCES program_versions (merchant_id, id),
    CONSTRAINT transactions_merchant_id_location_id_fkey FOREIGN KEY(merchant_id, location_id) REFERENCES locations (merchant_id, id),
    CONSTRAINT transactions_merchant_id_staff_id_fkey FOREIGN KEY(merchant_id, staff_id) REFERENCES staff (merchant_id, id),
    CONSTRAINT transactions_merchant_id_till_id_fkey FOREIGN KEY(merchant_id, till_id) REFERENCES tills (merchant_id, id)
)
 PARTITION BY RANGE (occurred_at);
CREATE INDEX transactions_merchant_id_card_id_occurred_at_index ON transactions (merchant_id, card_id, occurred_at);

CREATE TABLE entries (
    merchant_id UUID NOT NULL,
    card_id UUID NOT NULL,
    unit TEXT NOT NULL,
    account TEXT NOT NULL,
    seq BIGINT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    transaction_id UUID NOT NULL,
    delta BIGINT NOT NULL,
    balance_after BIGINT NOT NULL,
    CONSTRAINT entries_pkey PRIMARY KEY (merchant_id, card_id, unit, account, seq, occurred_at),
    CONSTRAINT entries_merchant_id_occurred_at_transaction_id_fkey FOREIGN KEY(merchant_id, occurred_at, transaction_id) REFERENCES transactions (merchant_id, occurred_at, id)
)
 PARTITION BY RANGE (occurred_at);

CREATE TABLE redemptions (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    card_id UUID NOT NULL,
    reward_id UUID NOT NULL,
    status TEXT NOT NULL,
    code TEXT NOT NULL,
    reserved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT redemptions_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT redemptions_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT redemptions_merchant_id_reward_id_fkey FOREIGN KEY(merchant_id, reward_id) REFERENCES rewards (merchant_id, id),
    CONSTRAINT redemptions_status_check CHECK (status IN ('reserved', 'redeemed', 'cancelled', 'expired'))
);
CREATE INDEX redemptions_merchant_id_card_id_reserved_at_index ON redemptions (merchant_id, card_id, reserved_at);
CREATE INDEX redemptions_open_index ON redemptions (expires_at) WHERE status = 'reserved';

CREATE TABLE registrations (
    merchant_id UUID NOT NULL,
    pass_type_identifier TEXT NOT NULL,
    device_library_identifier TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT registrations_pkey PRIMARY KEY (merchant_id, pass_type_identifier, device_library_identifier, serial_number),
    CONSTRAINT registrations_merchant_id_pass_type_identifier_device_l_8016 FOREIGN KEY(merchant_id, pass_type_identifier, device_library_identifier) REFERENCES devices (merchant_id, pass_type_identifier, device_library_identifier),
    CONSTRAINT registrations_merchant_id_pass_type_identifier_serial_n_98ae FOREIGN KEY(merchant_id, pass_type_identifier, serial_number) REFERENCES passes (merchant_id, pass_type_identifier, serial_number)
);
CREATE INDEX registrations_serial_number_index ON registrations (merchant_id, pass_type_identifier, serial_number);
