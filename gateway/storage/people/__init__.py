"""Merchants and who works for them."""
