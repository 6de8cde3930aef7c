"""How often Python looks for garbage that holds itself: answers wait while it does.

Most objects go when nothing holds them any more, without any search. The searches, by
Python's defaults after every 700 objects, look at all modules and tables again and
again, and take a third of a sweep.
"""

import gc

NEW_OBJECTS = 50_000
"""How many come before the young are searched: some ten megabytes."""


def search_seldom() -> None:
    """Search for garbage after many new objects only."""
    gc.set_threshold(NEW_OBJECTS, 20, 20)


def never_search_what_is_loaded() -> None:
    """Leave out of all searches what is there now, which stays until the end."""
    gc.collect()
    gc.freeze()
