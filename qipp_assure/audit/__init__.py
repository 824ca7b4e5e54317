"""Who did what, when: an append-only log in which every event is chained to the one before."""
