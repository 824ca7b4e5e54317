"""A region's monthly report cards: their pages, and sending them in."""
