"""What the pages and the API of campaigns share: counts, estimates, lists of recipients."""
