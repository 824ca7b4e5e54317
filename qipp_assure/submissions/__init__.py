"""Drafts and their parts, and the sealed returns that never change."""
