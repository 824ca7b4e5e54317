"""The demonstration year: ten regions built on the published figures, the rest invented."""
