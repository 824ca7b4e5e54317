"""The regional and the national picture."""
