"""Parameters and secrets by plain HTTP, for functions that use no SDK. It may not import anything of ours.

One idea: a page is a call of AWS made with the function's own credentials, and its answer is kept for a while. It runs
inside a function's environment, by any Python from 3.8 on with the standard library alone.

https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
"""
