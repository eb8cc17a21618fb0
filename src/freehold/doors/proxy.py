"""The main door as a proxy: tools outside cells reach AWS's names too, if they are told of one.

One idea: CONNECT to a name that is served turns the connection into TLS that ends here; to any other it is refused, so
this is a way to one cloud and nowhere else. It may not know what is asked within.

https://www.rfc-editor.org/rfc/rfc9110#CONNECT
"""

from math import inf

from freehold.doors import Doors, handshakes
from freehold.doors.http import CONNECT, Conversation
from freehold.doors.places import Conversations
from freehold.web import App

PORT = "443"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSED = b"HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
WORDS = "Freehold passes on to port 443 of AWS's names only, not to {}\n"


class ProxyConversation(Conversation):
    """A conversation at the main door. `within` is the application for what comes through tunnels."""

    def __init__(self, app: App, group: Conversations, *, doors: Doors, within: App):
        super().__init__(app, group)
        self._doors, self._within = doors, within
        self._target: str | None = None

    def on_headers_complete(self) -> None:
        if self.parser.get_method() == CONNECT and not self.busy:
            self.due_at = inf
            self._target = self._url.decode("latin-1").lower()
        else:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self._target is None:
            super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if self._target is not None:  # said something before it was told that the tunnel is there
            self.transport.close()
            return
        super().data_received(data)
        if self._target is not None and not self.transport.is_closing():
            self._connect(self._target)

    def _upgrade(self, rest: bytes) -> None:
        if self._target is None:  # what was said to a tunnel before it was there is not taken for a request
            super()._upgrade(rest)

    def _connect(self, target: str) -> None:
        name, _, port = target.rpartition(":")
        if port != PORT or not self._doors.names.serve(name):
            words = WORDS.format(target[:255]).encode("ascii", "replace")
            self.transport.write(REFUSED % (len(words), words))
            self.transport.close()
            return
        self.transport.pause_reading()
        self._shaking = self.loop.create_task(self._tunnel())

    async def _tunnel(self) -> None:
        """Go on as TLS, with a conversation of its own, in this one's place."""
        self.due_at = self.loop.time() + handshakes.HANDSHAKE_WITHIN_S
        first = (await self._doors.contexts()).first
        self.transport.write(ESTABLISHED)
        await handshakes.go_on(self, handshakes.Within(self._within, self.group, self), first)
