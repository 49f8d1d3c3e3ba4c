"""What tills do: search, inquire, accrue, redeem, reverse, and all they did while offline."""
