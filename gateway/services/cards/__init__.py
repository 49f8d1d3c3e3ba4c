"""Verbs on a customer's card."""
