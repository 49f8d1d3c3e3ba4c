"""Verbs of passes in wallets."""
