"""Credentials: secret keys and private keys. It may not know how texts are searched."""

from freehold.engines.pii.grammar import Identifier

TABLE = (
    Identifier(
        "AwsSecretKey",
        r"[A-Za-z0-9/+]{40}",
        ("aws_secret_access_key", "credentials", "secret access key", "secret key", "set-awscredential"),
    ),
)
