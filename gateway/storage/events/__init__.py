"""What the outside is told: webhook endpoints, what is sent to them, and how that went."""
