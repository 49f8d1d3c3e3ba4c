"""What is done to the books by hand or by the clock: adjusting, transferring, merging, expiring."""
