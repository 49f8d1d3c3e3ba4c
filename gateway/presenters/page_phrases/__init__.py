"""What our pages for customers say, in each language we write in."""
