"""Organisations: their tier, whom they belong to, when they exist and who succeeds them."""
