"""Tests of gateway.web.merchant.campaigns."""
