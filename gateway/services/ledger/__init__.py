"""The ledger as a whole: checkpoints, exports, and proving that nothing was altered."""
