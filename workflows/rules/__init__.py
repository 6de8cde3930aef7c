"""Rules that people write and tune themselves, and how well every rule does."""
