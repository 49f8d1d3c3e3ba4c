-- Messages, campaigns, Google Wallet and webhooks.

-- A customer may have a mail address and a phone number; until now there was one of either.
ALTER TABLE customers ADD COLUMN time_zone TEXT;

CREATE TABLE contacts (
    merchant_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    kind TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    contact_index BYTEA NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT contacts_pkey PRIMARY KEY (merchant_id, customer_id, kind),
    CONSTRAINT contacts_merchant_id_customer_id_fkey FOREIGN KEY(merchant_id, customer_id) REFERENCES customers (merchant_id, id),
    CONSTRAINT contacts_merchant_id_contact_index_key UNIQUE (merchant_id, contact_index),
    CONSTRAINT contacts_kind_check CHECK (kind IN ('mail', 'phone'))
);

-- The owner is closed out of the rows like everybody else, unless it says so.
ALTER TABLE customers NO FORCE ROW LEVEL SECURITY;
ALTER TABLE locations NO FORCE ROW LEVEL SECURITY;
ALTER TABLE consents NO FORCE ROW LEVEL SECURITY;
INSERT INTO contacts (merchant_id, customer_id, kind, sealed, contact_index, added_at)
SELECT merchant_id, id, contact_kind, contact_sealed, contact_index, created_at
FROM customers WHERE contact_sealed IS NOT NULL;
UPDATE customers c SET time_zone = coalesce(
    (SELECT l.time_zone FROM locations l WHERE l.merchant_id = c.merchant_id
     ORDER BY l.created_at LIMIT 1), 'UTC');
UPDATE consents SET channel = 'sms' WHERE channel = 'phone';
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
ALTER TABLE locations FORCE ROW LEVEL SECURITY;
ALTER TABLE consents FORCE ROW LEVEL SECURITY;
ALTER TABLE customers
    ALTER COLUMN time_zone SET NOT NULL,
    DROP COLUMN contact_kind, DROP COLUMN contact_sealed, DROP COLUMN contact_index;

-- A channel's worker looks for its own work, what is urgent first.
ALTER TABLE deliveries ADD COLUMN lane SMALLINT DEFAULT 0 NOT NULL;
DROP INDEX deliveries_waiting_index;
CREATE INDEX deliveries_waiting_index ON deliveries (channel, merchant_id, lane, next_at) WHERE state = 'waiting';

CREATE TABLE suppressions (
    merchant_id UUID NOT NULL,
    medium TEXT NOT NULL,
    contact_index BYTEA NOT NULL,
    reason TEXT NOT NULL,
    suppressed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT suppressions_pkey PRIMARY KEY (merchant_id, medium, contact_index),
    CONSTRAINT suppressions_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT suppressions_medium_check CHECK (medium IN ('mail', 'sms')),
    CONSTRAINT suppressions_reason_check CHECK (reason IN ('bounced', 'stopped'))
);

CREATE TABLE wordings (
    merchant_id UUID NOT NULL,
    event TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    revision INTEGER NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT wordings_pkey PRIMARY KEY (merchant_id, event, channel, language),
    CONSTRAINT wordings_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);

CREATE TABLE message_settings (
    merchant_id UUID NOT NULL,
    quiet_begins TIME WITHOUT TIME ZONE NOT NULL,
    quiet_ends TIME WITHOUT TIME ZONE NOT NULL,
    quiet_sundays BOOLEAN NOT NULL,
    offers_a_day SMALLINT NOT NULL,
    offers_a_week SMALLINT NOT NULL,
    silent_events TEXT[] NOT NULL,
    reply_to TEXT,
    sms_sender TEXT,
    revision INTEGER NOT NULL,
    CONSTRAINT message_settings_pkey PRIMARY KEY (merchant_id),
    CONSTRAINT message_settings_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);

CREATE UNIQUE INDEX message_settings_sms_sender_key ON message_settings (sms_sender) WHERE sms_sender IS NOT NULL;

CREATE TABLE campaigns (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    audience JSONB NOT NULL,
    channels TEXT[] NOT NULL,
    contents JSONB NOT NULL,
    per_minute_max INTEGER,
    google_mode TEXT,
    prepared_after UUID,
    released_at TIMESTAMP WITH TIME ZONE,
    scheduled_at TIMESTAMP WITH TIME ZONE,
    prepared_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    failure TEXT,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT campaigns_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT campaigns_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT campaigns_merchant_id_created_by_fkey FOREIGN KEY(merchant_id, created_by) REFERENCES staff (merchant_id, id),
    CONSTRAINT campaigns_status_check CHECK (status IN ('draft', 'scheduled', 'preparing', 'sending', 'paused', 'sent', 'cancelled', 'failed')),
    CONSTRAINT campaigns_google_mode_check CHECK (google_mode IN ('class', 'announced', 'object'))
);
CREATE INDEX campaigns_merchant_id_created_at_index ON campaigns (merchant_id, created_at);
CREATE INDEX campaigns_under_way_index ON campaigns (merchant_id) WHERE ended_at IS NULL AND status NOT IN ('draft', 'paused');

CREATE TABLE messages (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID,
    card_id UUID,
    campaign_id UUID,
    fact_id UUID,
    event TEXT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    fallbacks TEXT[] NOT NULL,
    facts JSONB NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    card_version BIGINT,
    provider TEXT,
    reference TEXT,
    address_key BYTEA,
    address_sealed BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT messages_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT messages_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT messages_merchant_id_customer_id_fkey FOREIGN KEY(merchant_id, customer_id) REFERENCES customers (merchant_id, id),
    CONSTRAINT messages_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT messages_merchant_id_campaign_id_fkey FOREIGN KEY(merchant_id, campaign_id) REFERENCES campaigns (merchant_id, id),
    CONSTRAINT messages_channel_check CHECK (channel IN ('mail', 'sms', 'apple', 'google')),
    CONSTRAINT messages_purpose_check CHECK (purpose IN ('service', 'marketing')),
    CONSTRAINT messages_state_check CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'fetched', 'bounced', 'failed', 'skipped'))
);
CREATE UNIQUE INDEX messages_campaign_key ON messages (merchant_id, campaign_id, customer_id, channel) WHERE campaign_id IS NOT NULL AND customer_id IS NOT NULL;
CREATE INDEX messages_counts_index ON messages (merchant_id, campaign_id, channel, state, reason) WHERE campaign_id IS NOT NULL AND customer_id IS NOT NULL;
CREATE INDEX messages_ended_index ON messages (ended_at) WHERE ended_at IS NOT NULL;
CREATE UNIQUE INDEX messages_fact_key ON messages (merchant_id, fact_id, card_id, event) WHERE fact_id IS NOT NULL;
CREATE INDEX messages_merchant_id_customer_id_created_at_index ON messages (merchant_id, customer_id, created_at);
CREATE INDEX messages_offers_index ON messages (merchant_id, customer_id, sent_at) WHERE purpose = 'marketing' AND sent_at IS NOT NULL;
CREATE INDEX messages_queued_index ON messages (merchant_id, campaign_id, channel, not_before, id) WHERE state = 'queued';
CREATE INDEX messages_reference_index ON messages (merchant_id, provider, reference) WHERE reference IS NOT NULL;
CREATE INDEX messages_under_way_index ON messages (merchant_id, card_id) WHERE channel IN ('apple', 'google') AND state IN ('sending', 'sent');

CREATE TABLE provider_budgets (
    account TEXT NOT NULL,
    lane INTEGER NOT NULL,
    free_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT provider_budgets_pkey PRIMARY KEY (account, lane)
);

CREATE TABLE google_issuers (
    merchant_id UUID NOT NULL,
    issuer_id TEXT NOT NULL,
    CONSTRAINT google_issuers_pkey PRIMARY KEY (merchant_id, issuer_id),
    CONSTRAINT google_issuers_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);

CREATE TABLE google_classes (
    merchant_id UUID NOT NULL,
    program_id UUID NOT NULL,
    issuer_id TEXT NOT NULL,
    class_id TEXT NOT NULL,
    written_digest BYTEA,
    written_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT google_classes_pkey PRIMARY KEY (merchant_id, program_id),
    CONSTRAINT google_classes_merchant_id_program_id_fkey FOREIGN KEY(merchant_id, program_id) REFERENCES programs (merchant_id, id),
    CONSTRAINT google_classes_merchant_id_issuer_id_fkey FOREIGN KEY(merchant_id, issuer_id) REFERENCES google_issuers (merchant_id, issuer_id),
    CONSTRAINT google_classes_merchant_id_class_id_key UNIQUE (merchant_id, class_id)
);

CREATE TABLE google_objects (
    merchant_id UUID NOT NULL,
    card_id UUID NOT NULL,
    issuer_id TEXT NOT NULL,
    object_id TEXT NOT NULL,
    written_version BIGINT,
    written_balance TEXT,
    written_at TIMESTAMP WITH TIME ZONE,
    saved_at TIMESTAMP WITH TIME ZONE,
    removed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT google_objects_pkey PRIMARY KEY (merchant_id, card_id),
    CONSTRAINT google_objects_merchant_id_card_id_fkey FOREIGN KEY(merchant_id, card_id) REFERENCES cards (merchant_id, id),
    CONSTRAINT google_objects_merchant_id_issuer_id_fkey FOREIGN KEY(merchant_id, issuer_id) REFERENCES google_issuers (merchant_id, issuer_id),
    CONSTRAINT google_objects_merchant_id_object_id_key UNIQUE (merchant_id, object_id)
);

CREATE TABLE google_callbacks (
    merchant_id UUID NOT NULL,
    issuer_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    object_id TEXT NOT NULL,
    event TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT google_callbacks_pkey PRIMARY KEY (merchant_id, issuer_id, nonce),
    CONSTRAINT google_callbacks_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);
CREATE INDEX google_callbacks_expires_at_index ON google_callbacks (expires_at);

CREATE TABLE google_notices (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    resource_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    notified_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT google_notices_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT google_notices_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT google_notices_kind_check CHECK (kind IN ('update', 'message'))
);
CREATE INDEX google_notices_merchant_id_resource_id_kind_notified_at_index ON google_notices (merchant_id, resource_id, kind, notified_at);

CREATE TABLE webhook_endpoints (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    events TEXT[] NOT NULL,
    status TEXT NOT NULL,
    disabled_reason TEXT,
    secret_sealed BYTEA NOT NULL,
    old_secret_sealed BYTEA,
    old_secret_until TIMESTAMP WITH TIME ZONE,
    failing_since TIMESTAMP WITH TIME ZONE,
    revision INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT webhook_endpoints_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id),
    CONSTRAINT webhook_endpoints_status_check CHECK (status IN ('enabled', 'disabled'))
);
CREATE INDEX webhook_endpoints_merchant_id_created_at_index ON webhook_endpoints (merchant_id, created_at);

CREATE TABLE webhook_messages (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT webhook_messages_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT webhook_messages_merchant_id_fkey FOREIGN KEY(merchant_id) REFERENCES merchants (id)
);
CREATE INDEX webhook_messages_created_at_index ON webhook_messages (created_at);
CREATE INDEX webhook_messages_merchant_id_created_at_index ON webhook_messages (merchant_id, created_at);

CREATE TABLE webhook_attempts (
    merchant_id UUID NOT NULL,
    id UUID NOT NULL,
    endpoint_id UUID NOT NULL,
    message_id UUID NOT NULL,
    number INTEGER NOT NULL,
    status SMALLINT,
    outcome TEXT NOT NULL,
    milliseconds INTEGER NOT NULL,
    excerpt TEXT NOT NULL,
    attempted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT webhook_attempts_pkey PRIMARY KEY (merchant_id, id),
    CONSTRAINT webhook_attempts_merchant_id_endpoint_id_fkey FOREIGN KEY(merchant_id, endpoint_id) REFERENCES webhook_endpoints (merchant_id, id)
);
CREATE INDEX webhook_attempts_attempted_at_index ON webhook_attempts (attempted_at);
CREATE INDEX webhook_attempts_merchant_id_endpoint_id_attempted_at_index ON webhook_attempts (merchant_id, endpoint_id, attempted_at);

ALTER TABLE cards ADD COLUMN announcement_id UUID,
    ADD CONSTRAINT cards_merchant_id_announcement_id_fkey
        FOREIGN KEY (merchant_id, announcement_id) REFERENCES campaigns (merchant_id, id);
