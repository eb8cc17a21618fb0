"""The wing of delivery: a notice on its way to everyone who wants it.

One idea: who may want a message is found by what it holds (`filing`), and for each of them one promise is made, of the
envelope that the protocol asks for, unless `protection` keeps it from them. It may not know how promises are kept.
"""
