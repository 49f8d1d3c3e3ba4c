"""Apple Wallet passes: what is in them, how they are checked, signed and packed."""
