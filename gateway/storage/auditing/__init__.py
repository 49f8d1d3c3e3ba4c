"""Auditing: what must always hold of a merchant's books, and what proves it to others."""
