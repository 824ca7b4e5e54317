"""A region's plan: its page, and sending it in."""
