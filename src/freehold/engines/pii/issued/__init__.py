"""What is issued: the ranges, sums and dates by which a number that can exist is told from one that only looks so.

One idea: each function answers one question about one written number, yes or no. It may not know identifiers, keywords
or texts. Where python-stdnum has the number, it answers (`registers.standard`); numbering plans are those of
libphonenumber (`phones`).
"""
