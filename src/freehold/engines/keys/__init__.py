"""Keys at work: which specs there are, what is computed with a key's material, and how ciphertexts say whose they are.

One idea: material comes in as bytes and goes nowhere. It may not know who holds keys, nor who may use them.
"""
