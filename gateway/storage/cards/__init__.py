"""Cards and what stands on them."""
