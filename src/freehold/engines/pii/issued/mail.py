"""Addresses of electronic mail.

One idea: the shape is the pattern's; here is what RFC 5321 rules out, and names of files that look like one. It may not
know which domains exist.
"""

# logo@2x.png: what follows an @ in the name of a file ends so. None of them is a top-level domain.
FILES = {"avif", "bmp", "css", "gif", "heic", "html", "jpeg", "jpg", "js", "json", "pdf", "png", "svg", "tiff", "webp"}

LOCAL_MAX = 64
DOMAIN_MAX = 253


def mailbox(text: str) -> bool:
    """Whether it can be a mailbox: no part of it empty, none of the domain in hyphens, lengths in bounds."""
    local, _, domain = text.rpartition("@")
    labels = domain.split(".")
    return (
        len(local) <= LOCAL_MAX
        and len(domain) <= DOMAIN_MAX
        and all(local.split("."))
        and not any(label.startswith("-") or label.endswith("-") for label in labels)
        and labels[-1].lower() not in FILES
    )
