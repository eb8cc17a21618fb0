"""The web request and response, as the codecs know them: see `freehold.kernel.web`. It may not know AWS."""

from freehold.kernel.web import BODY_MAX, Body, Headers, HttpRequest, HttpResponse, pairs

__all__ = ["BODY_MAX", "Body", "Headers", "HttpRequest", "HttpResponse", "pairs"]
