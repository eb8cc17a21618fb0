"""The wing of aging: what becomes of objects with time.

One idea: a rule gives moments, and what is to be done now is a comparison with the clock. It tells `news` of what it
did, and gives up what waits in `uploads`. It may not know requests for objects.
"""
