"""A library: what a wallet pass is. Bytes and values in, bytes and values out."""
