"""The wing of aging: what becomes of objects with time.

One idea: a rule gives moments, and what is to be done now is a comparison with the clock. It leaves what is in
`locks`, gives up what waits in `uploads`, and tells `news` of what it did. It may not know requests for objects.
"""
