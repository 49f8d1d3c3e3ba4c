"""Verbs of the merchant: founding, designing, overseeing."""
