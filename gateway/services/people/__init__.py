"""Verbs of who works for a merchant: letting them in, and their tills and keys."""
