"""From what follows from a fact to the deliveries that bring it about."""
