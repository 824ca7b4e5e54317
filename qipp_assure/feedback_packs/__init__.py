"""The feedback packs: tagged PDFs of what was rated, why, and what was decided."""
