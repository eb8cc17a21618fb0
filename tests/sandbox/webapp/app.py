"""A web server as people write them, with pages that try an adapter. Standard library alone."""

import base64
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        place = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        self.body = self.rfile.read(length)
        self.query = parse_qs(place.query, keep_blank_values=True)
        name = place.path.strip("/").split("/")[0] or "home"
        getattr(self, f"page_{name}", self.page_missing)()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = answer

    def give(self, status, content=b"", **headers):
        content = content.encode() if isinstance(content, str) else content
        self.send_response(status)
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name.replace("_", "-"), one)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(content)

    def page_home(self):
        self.give(200, "home", Content_Type="text/plain")

    def page_missing(self):
        self.give(404, "no such page", Content_Type="text/plain; charset=utf-8")

    def page_echo(self):
        told = {
            "method": self.command,
            "target": self.path,
            "query": self.query,
            "headers": {name: self.headers.get_all(name) for name in {key.lower() for key in self.headers}},
            "body": base64.b64encode(self.body).decode(),
        }
        self.give(200, json.dumps(told), Content_Type="application/json")

    page_events = page_shop = page_echo

    def page_reply(self):
        """What the request asks for: status, content type, body, repeated headers."""
        wish = json.loads(self.body)
        self.give(wish.get("status", 200), wish.get("body", ""), **wish.get("headers", {}))

    def page_image(self):
        self.give(200, PIXEL, Content_Type="image/png")

    def page_latin(self):
        self.give(200, "caf\xe9".encode("latin-1"), Content_Type="text/plain; charset=iso-8859-1")

    def page_cookies(self):
        self.give(200, "ok", Set_Cookie=["a=1; Path=/", "b=2; HttpOnly"], X_Twice=["one", "two"])

    def page_redirect(self):
        self.give(302, Location="/elsewhere?x=1")

    def page_big(self):
        self.give(200, "x" * int(self.query["n"][0]), Content_Type="text/plain")

    def page_status(self):
        self.give(int(self.path.rpartition("/")[2]), "as you wish", Content_Type="text/plain")

    def page_stray(self):
        """A response, and one that nobody asked for."""
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        )

    def page_early(self):
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
        self.give(200, "late", Content_Type="text/plain")

    def chunks(self, *pieces, end=True):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.flush()
            time.sleep(0.02)
        if end:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.close_connection = True

    def page_chunks(self):
        self.chunks(b"first,", b"second,", b"third")

    def page_cut(self):
        self.chunks(b"half of it", end=False)

    def page_until_close(self):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"no length")
        self.close_connection = True

    def page_hangup(self):
        self.close_connection = True

    def page_hang(self):
        time.sleep(60)

    def page_crash(self):
        os._exit(3)

    def log_message(self, *words):
        pass


if __name__ == "__main__":
    time.sleep(float(os.environ.get("START_AFTER_S", "0")))
    port = int(os.environ.get("AWS_LWA_PORT") or os.environ.get("PORT") or 8080)
    ThreadingHTTPServer(("127.0.0.1", port), Page).serve_forever()
