"""Every table, as one metadata that Alembic holds the database against."""

from gateway.storage.tables.base import metadata
from gateway.storage.tables.cards import accounts, cards, redemptions, rewards
from gateway.storage.tables.customers import consents, customers
from gateway.storage.tables.ledger import (
    entries,
    idempotency_keys,
    reversals,
    source_events,
    transactions,
)
from gateway.storage.tables.merchants import apple_pass_types, locations, merchants
from gateway.storage.tables.outbox import audit, deliveries, outbox
from gateway.storage.tables.passes import devices, passes, registrations
from gateway.storage.tables.people import api_keys, attempts, sessions, staff, tills
from gateway.storage.tables.programs import program_versions, programs

__all__ = [
    "accounts",
    "api_keys",
    "apple_pass_types",
    "attempts",
    "audit",
    "cards",
    "consents",
    "customers",
    "deliveries",
    "devices",
    "entries",
    "idempotency_keys",
    "locations",
    "merchants",
    "metadata",
    "outbox",
    "passes",
    "program_versions",
    "programs",
    "redemptions",
    "registrations",
    "reversals",
    "rewards",
    "sessions",
    "source_events",
    "staff",
    "tills",
    "transactions",
]
