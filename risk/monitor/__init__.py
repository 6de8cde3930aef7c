"""Watching customers: facts that move, rules that fire, in arrays for one or all."""
