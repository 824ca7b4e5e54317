"""Judgements, assessments and what they rest on: kept for good, never overwritten."""
