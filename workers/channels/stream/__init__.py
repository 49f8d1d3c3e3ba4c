"""The event stream: every fact on NATS JetStream, for programs of the operator."""
