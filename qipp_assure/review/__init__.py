"""The reviewers' desk: judgements on what only a person can decide, and their release."""
