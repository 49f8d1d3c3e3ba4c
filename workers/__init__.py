"""What happens after the commit: relay, deliveries and channels."""
