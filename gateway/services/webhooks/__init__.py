"""Webhooks: a merchant says where events go, and looks after it."""
