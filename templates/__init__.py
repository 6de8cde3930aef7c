"""How it reads: typed messages, templates, words."""
