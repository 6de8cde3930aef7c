"""The tests: the same tree, mirrored."""
