"""Journeys through a real browser, from the poster to the stamp."""
