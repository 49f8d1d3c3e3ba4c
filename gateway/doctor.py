"""Says what is configured, what expires and what cannot be reached."""
