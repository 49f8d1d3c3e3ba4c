"""What is done with rewards: offered, redeemed, taken back, and kept in a catalogue."""
