"""One courier per channel: what its deliveries say, and what follows from how they end."""
