"""Verbs: one story per function, told with storage, rules and presenters."""
