"""A phone in the browser that behaves as Wallet does."""
