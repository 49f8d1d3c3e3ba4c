"""The ways out: one file per provider, all answering in the words of `base`."""
