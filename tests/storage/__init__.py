"""Tests of the memory, on a real database."""
