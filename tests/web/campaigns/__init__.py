"""Tests of gateway.web.campaigns."""
