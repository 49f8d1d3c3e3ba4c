"""Certificates, keys and the signature."""
