"""Campaigns on the merchant's pages: written, looked at, sent, and watched."""
