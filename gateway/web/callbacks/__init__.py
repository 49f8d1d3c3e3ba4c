"""What other companies tell us, each believed only with its own proof."""
