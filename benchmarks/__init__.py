"""`make bench` runs every module here that measures something."""
