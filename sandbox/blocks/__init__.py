"""What Block Kit is: its limits, and how it is drawn."""
