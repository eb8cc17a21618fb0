"""What every service stands on: calls, the store's port, operations, errors, and work that outlives a request.

It may not know any service, nor HTTP.
"""
