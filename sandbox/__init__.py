"""Honest stand-ins of what needs an account, and the servers of a bare machine."""
