"""The store's engines: what stands below the port of `freehold.kernel.store`.

One idea: an engine runs functions in transactions and says when what they wrote is on disk. It may not know the
records, and nobody but `app` knows which engine there is (rfds/0007).
"""
