"""Planning rounds: their regions, months, criteria, and the Department's own figures."""
