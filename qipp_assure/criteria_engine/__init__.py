"""The criteria engine: criteria files in, ratings out, each with its reason.

Pure: the standard library and PyYAML, no clock, no database, no web.  The way in is
`loading.load_set` (a file becomes a checked `CriteriaSet`) and `rating.rate` (facts become an
`Assessment`).
"""
