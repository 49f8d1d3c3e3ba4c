"""Apple's push service: our client, and aioapns as the alternative."""
