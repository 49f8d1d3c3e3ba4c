"""Tests of what Google Wallet is told."""
