"""Facts, in the past tense: what the services announce and the workers act upon."""
