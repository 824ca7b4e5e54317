"""Ratings only, at the speed of loops written by hand; traces are made by the reference.

Each version of a set is compiled once, from its checked typed tree and from nothing else, into
one Python function that rates a subject by every check.  What it means is said by `evaluation`
and its neighbours; property tests hold the two to agree.

==================== ============================================================================
formulas             conditions of the compiled source: joined, negated, simplified
quantities           numbers of the compiled source, as one whole number over another
reading              the fields that checks use, read once a subject and checked for their types
writing              lines of source, and the values that stand in it under names of ours
lowering, gathering  nodes of the tree become formulas, quantities and loops
check_writing        one check becomes lines that set its code
compilation          a set becomes a function, kept by digest; what breaks goes to the reference
codes                an outcome in one byte
groups               criteria, areas, halves, wholes: by the tables, each combination once
rating               `rate_many`: many returns
==================== ============================================================================
"""
