"""Tests of Apple passes."""
