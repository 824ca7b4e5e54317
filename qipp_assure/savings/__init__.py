"""Savings: what was planned, forecast and reported, added up from the report cards."""
