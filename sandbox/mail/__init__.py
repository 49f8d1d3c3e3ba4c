"""The mailbox: a mail server that keeps what it gets, and pages to read it."""
