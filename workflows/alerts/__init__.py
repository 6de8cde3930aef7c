"""Alerts: who hears of what, within which budget, at which hours."""
