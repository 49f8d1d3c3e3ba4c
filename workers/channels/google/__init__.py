"""The Google channel: keeps loyalty classes and objects at Google Wallet as they should be."""
