"""What AWS would charge: published prices and formulas, one module a service. Dollars, as decimals.

It may not know what was used.
"""
