"""Mail: our messages as MIME, over one SMTP server with a second one behind it."""
