"""What is said to customers: consents, stop lists, words, messages and campaigns."""
