"""120 checks on 20,000 initiatives: compiled, by hand, by the reference, and by other languages."""
