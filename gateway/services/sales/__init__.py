"""Sales as their shops tell of them: recorded once, settled as often as they change."""
