"""Webhooks: signed events to the addresses merchants give."""
