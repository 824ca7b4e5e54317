"""The criteria engine: criteria files in, ratings out, each with its reason.

Pure: the standard library and PyYAML, no clock, no database, no web.  The way in is
`loading.load_set` (a file becomes a checked `CriteriaSet`) and `rating.rate` (facts become an
`Assessment`).

==================================== ===========================================================
a file becomes a set                 source_text, declared, loading, check_loading, table_loading
an expression becomes a typed tree   spelling, names, functions, expressions, tree
what it means                        values, evaluation, reckoning, dated
bands and decision tables            bands, tables, band_proof, table_proof
what is not known                    fillings
facts become ratings                 checking, item_checking, one_check, parts, wholes, set_rating,
                                     rolling_up, judgements, travel, rating
what would make it green             path_to_green, options, least_changes, check_changes,
                                     item_changes, figures_needed, attainable
worked examples                      example_loading, examples, possible
ratings only, fast                   compiled (a room of its own), held to evaluation by tests
what comes out, in words             assessment, wording, whole_wording
==================================== ===========================================================
"""
