"""The service: rules, memory, verbs and doors of loyalty cards."""
