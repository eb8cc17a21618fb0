"""A web adapter: an ordinary web server answers a function's invocations. It may not import anything of ours.

One idea: one process, one thread, two connections that stay open. An invocation is taken from the Runtime API, told to
the web server as the request it stands for, and the response told back as the answer the caller's kind of event wants.
It runs inside a function's environment, by any Python from 3.8 on with the standard library alone, and avoids the
modules that take long to import.

The contract is that of the public Lambda Web Adapter: its variables, headers and rules.
https://awslabs.github.io/aws-lambda-web-adapter/
"""
