"""Looks: how a card and its program appear in answers, wallets and pages; pure."""
