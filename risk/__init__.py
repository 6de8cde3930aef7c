"""What a risk desk knows: pure functions and values."""
