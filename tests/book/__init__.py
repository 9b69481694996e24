"""The sources of the book and what builds it: notebooks, editions, formulas, print."""
