"""A made-up company to try the desk on: the same every time, up to today."""
