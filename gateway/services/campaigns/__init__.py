"""Campaigns: written, estimated, scheduled, prepared, released, held, and tried beforehand."""
