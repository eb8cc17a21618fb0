"""TLS contexts by the name that a client asks for.

One idea: names that differ in their first label share a certificate (`*.s3.eu-west-1.amazonaws.com`), so a few serve a
whole cloud; the usual ones are made before anybody asks. It may not know what is served.

https://www.rfc-editor.org/rfc/rfc6066#section-3 (server name indication)
"""

import ssl
import tempfile
from collections import OrderedDict
from collections.abc import Callable

from freehold.doors.issuer import Issuer
from freehold.doors.names import Names

KEPT_MAX = 256
RENEWED_AFTER_S = 300 * 86_400  # a certificate holds for a year
PROTOCOLS = ["http/1.1"]
USUAL = (
    "amazonaws.com", "s3.amazonaws.com", "{0}.amazonaws.com", "s3.{0}.amazonaws.com", "execute-api.{0}.amazonaws.com",
    "lambda-url.{0}.on.aws",
)  # fmt: skip


class Contexts:
    """Contexts for servers. `first` is the one to listen with: it turns to the others by the name asked for."""

    def __init__(self, issuer: Issuer, names: Names, region: str, now: Callable[[], float]):
        self._issuer, self._names, self._now = issuer, names, now
        self._kept: OrderedDict[str, tuple[float, ssl.SSLContext]] = OrderedDict()
        self.first = self._make("localhost", "127.0.0.1", f"*.{region}.amazonaws.com", "*.amazonaws.com")
        self.first.sni_callback = self._turn
        for domain in USUAL:
            self._of(f"any.{domain.format(region)}")

    def _turn(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        """Part of a handshake: the context of the name asked for. An alert refuses names that are not served."""
        if name is None:
            return None
        name = name.lower().rstrip(".")
        if not self._names.serve(name):
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = self._of(name)
        return None

    def _of(self, name: str) -> ssl.SSLContext:
        above = name.partition(".")[2]
        domain = above if "." in above and self._names.serve(above) else name
        made_at, context = self._kept.pop(domain, (0.0, None))
        if context is None or self._now() - made_at > RENEWED_AFTER_S:
            made_at, context = self._now(), self._make(domain, f"*.{domain}")
        self._kept[domain] = made_at, context
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return context

    def _make(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(PROTOCOLS)
        with tempfile.NamedTemporaryFile() as file:  # OpenSSL reads keys from files only; this one is ours alone
            file.write(self._issuer.vouch(names, self._now()))
            file.flush()
            context.load_cert_chain(file.name)
        return context
