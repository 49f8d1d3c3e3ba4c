"""Every table, as one metadata that Alembic holds the database against."""

from gateway.storage.tables.auditing import (
    adjustments,
    checkpoint_heads,
    checkpoints,
    ledger_settings,
)
from gateway.storage.tables.base import metadata
from gateway.storage.tables.campaigns import campaigns, provider_budgets
from gateway.storage.tables.cards import card_days, cards, tier_moves
from gateway.storage.tables.customers import consents, contacts, customers
from gateway.storage.tables.google import (
    google_callbacks,
    google_classes,
    google_issuers,
    google_notices,
    google_objects,
)
from gateway.storage.tables.ledger import (
    entries,
    idempotency_keys,
    reversals,
    source_events,
    transactions,
)
from gateway.storage.tables.lots import accounts, consumptions, lots
from gateway.storage.tables.merchants import apple_pass_types, locations, merchants
from gateway.storage.tables.messages import (
    message_settings,
    messages,
    suppressions,
    wordings,
)
from gateway.storage.tables.outbox import audit, deliveries, outbox
from gateway.storage.tables.passes import devices, passes, registrations
from gateway.storage.tables.people import api_keys, attempts, sessions, staff, tills
from gateway.storage.tables.pictures import reward_pictures
from gateway.storage.tables.programs import (
    experiments,
    program_budgets,
    program_versions,
    programs,
    segments,
)
from gateway.storage.tables.rewards import redemptions, rewards
from gateway.storage.tables.sales import sales
from gateway.storage.tables.webhooks import (
    webhook_attempts,
    webhook_endpoints,
    webhook_messages,
)

__all__ = [
    "accounts",
    "adjustments",
    "api_keys",
    "apple_pass_types",
    "attempts",
    "audit",
    "campaigns",
    "card_days",
    "cards",
    "checkpoint_heads",
    "checkpoints",
    "consents",
    "consumptions",
    "contacts",
    "customers",
    "deliveries",
    "devices",
    "entries",
    "experiments",
    "google_callbacks",
    "google_classes",
    "google_issuers",
    "google_notices",
    "google_objects",
    "idempotency_keys",
    "ledger_settings",
    "locations",
    "lots",
    "merchants",
    "message_settings",
    "messages",
    "metadata",
    "outbox",
    "passes",
    "program_budgets",
    "program_versions",
    "programs",
    "provider_budgets",
    "redemptions",
    "registrations",
    "reversals",
    "reward_pictures",
    "rewards",
    "sales",
    "segments",
    "sessions",
    "source_events",
    "staff",
    "suppressions",
    "tier_moves",
    "tills",
    "transactions",
    "webhook_attempts",
    "webhook_endpoints",
    "webhook_messages",
    "wordings",
]
