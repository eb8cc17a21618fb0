"""The wing of policies: those that stand on tables and streams, and whom they let in.

One idea: a request is answered in the account of the table it names. Whoever comes from another account must be let in
by the table's policy, and then finds there what its owner would; so operations need not know that there are accounts.
"""
