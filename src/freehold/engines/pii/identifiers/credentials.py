"""Credentials: secret keys and private keys. It may not know how texts are searched.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-credentials.html; RFC 7468,
RFC 4880 and PuTTY's appendix C for the armour of private keys.
"""

from freehold.engines.pii.grammar import Identifier


def _secret(text: str) -> bool:
    """Whether it is as long and as mixed as AWS's secrets; what is longer, or all hexadecimal, is something else."""
    return (
        len(text) == 40 and any(map(str.isupper, text)) and any(map(str.islower, text)) and any(map(str.isdigit, text))
    )


def _armoured(name: str, label: str) -> tuple[Identifier, Identifier]:
    """A private key between its lines, and one that is cut off after some lines."""
    return (
        Identifier(name, rf"-----BEGIN {label}-----(?:[^-]|-[^-])*-----END {label}-----", holds="-----"),
        Identifier(name, rf"-----BEGIN {label}-----(?:[\s\\]+[A-Za-z0-9+/=]{{16}}[A-Za-z0-9+/=]*)+", holds="-----"),
    )


TABLE = (
    Identifier(
        "AwsSecretKey",
        r"[A-Za-z0-9/+]{40,}=*",
        ("aws_secret_access_key", "credentials", "secret access key", "secret key", "set-awscredential"),
        _secret,
    ),
    *_armoured("OpenSshPrivateKey", "OPENSSH PRIVATE KEY"),
    *_armoured("PgpPrivateKey", "PGP PRIVATE KEY BLOCK"),
    *_armoured("PkcsPrivateKey", "(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY"),
    # From its first line to its authentication code, with no other first line in between.
    Identifier(
        "PuttyPrivateKey",
        r"PuTTY-User-Key-File-\d: (?:[^P]|P[^u]|Pu[^T]|PuT[^T])*Private-MAC: [0-9a-f]+",
        holds="PuTTY",
    ),
)
