"""Every table, as one metadata that Alembic holds the database against."""

from gateway.storage.tables.base import metadata
from gateway.storage.tables.campaigns import campaigns, provider_budgets
from gateway.storage.tables.cards import accounts, cards, redemptions, rewards
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
from gateway.storage.tables.programs import program_versions, programs
from gateway.storage.tables.webhooks import (
    webhook_attempts,
    webhook_endpoints,
    webhook_messages,
)

__all__ = [
    "accounts",
    "api_keys",
    "apple_pass_types",
    "attempts",
    "audit",
    "campaigns",
    "cards",
    "consents",
    "contacts",
    "customers",
    "deliveries",
    "devices",
    "entries",
    "google_callbacks",
    "google_classes",
    "google_issuers",
    "google_notices",
    "google_objects",
    "idempotency_keys",
    "locations",
    "merchants",
    "message_settings",
    "messages",
    "metadata",
    "outbox",
    "passes",
    "program_versions",
    "programs",
    "provider_budgets",
    "redemptions",
    "registrations",
    "reversals",
    "rewards",
    "sessions",
    "source_events",
    "staff",
    "suppressions",
    "tills",
    "transactions",
    "webhook_attempts",
    "webhook_endpoints",
    "webhook_messages",
    "wordings",
]
