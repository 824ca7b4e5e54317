"""Work to be done aside: a row holds the truth, and a worker claims it."""
