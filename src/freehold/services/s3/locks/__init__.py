"""The wing of locks: versions of objects that may not be removed, for a time or until somebody lets them go.

One idea: a lock is what is said of a version, and a comparison with the clock says whether it holds; who may bypass
it `access` weighs. It may not know who wants to remove a version, nor why.
"""
