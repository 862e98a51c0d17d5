"""An S3 server of one bucket on loopback that checks every signature (AWS Signature Version 4).

Written after the published algorithm and not after the client: what it lets through, any store of
the kind does. `mode` makes it hang, refuse or break.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ACCESS, SECRET, REGION, BUCKET = "access", "secret-of-the-store-4711", "cn-haikou", "party"


class S3Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, tuple[bytes, dict[str, str], float]] = {}
        self.mode = "well"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def age(self, key: str, seconds: float) -> None:
        data, headers, written = self.objects[key]
        self.objects[key] = (data, headers, written - seconds)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: S3Server

    def do_PUT(self) -> None:  # the library's names
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._let_in(body):
            kept = {n: self.headers[n] or "" for n in ("Content-Type", "Content-Disposition")}
            self.server.objects[self._key()] = (body, kept, time.time())
            self._answer(200, b"", {"ETag": '"1"'})

    def do_GET(self) -> None:
        if not self._let_in(b""):
            return
        if not self._key():
            self._answer(200, self._listing().encode(), {"Content-Type": "application/xml"})
        elif self._key() in self.server.objects:
            data, headers, written = self.server.objects[self._key()]
            more = {"ETag": '"1"', "Last-Modified": formatdate(written, usegmt=True)}
            self._answer(200, data, headers | more)
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", {})

    def do_DELETE(self) -> None:
        if self._let_in(b""):
            self.server.objects.pop(self._key(), None)
            self._answer(204, b"", {})

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path.removeprefix(f"/{BUCKET}").lstrip("/"))

    def _listing(self) -> str:
        rows = "".join(
            f"<Contents><Key>{key}</Key><Size>{len(data)}</Size><ETag>1</ETag><LastModified>"
            f"{time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime(written))}</LastModified>"
            "</Contents>"
            for key, (data, _, written) in sorted(self.server.objects.items())
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"

    def _let_in(self, body: bytes) -> bool:
        if self.server.mode == "hang":
            time.sleep(8)
        if self.server.mode in {"hang", "broken"}:
            self._answer(500, b"<Error/>", {})
            return False
        if not (self._header_holds(body) or self._query_holds()):
            self._answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>", {})
            return False
        return True

    def _header_holds(self, body: bytes) -> bool:
        scheme, _, rest = self.headers.get("Authorization", "").partition(" ")
        if scheme != "AWS4-HMAC-SHA256":
            return False
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        digest = self.headers["x-amz-content-sha256"]
        if digest not in {"UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()}:
            return False
        names, moment = given["SignedHeaders"], self.headers["x-amz-date"]
        wanted = self._signature(names, digest, moment, parse_qsl(urlsplit(self.path).query, True))
        return given["Credential"].startswith(f"{ACCESS}/") and wanted == given["Signature"]

    def _query_holds(self) -> bool:
        pairs = parse_qsl(urlsplit(self.path).query, keep_blank_values=True)
        query = dict(pairs)
        if "X-Amz-Signature" not in query:
            return False
        moment, signature = query["X-Amz-Date"], query["X-Amz-Signature"]
        began = time.mktime(time.strptime(moment, "%Y%m%dT%H%M%SZ")) - time.timezone
        rest = [pair for pair in pairs if pair[0] != "X-Amz-Signature"]
        names = query["X-Amz-SignedHeaders"]
        wanted = self._signature(names, "UNSIGNED-PAYLOAD", moment, rest)
        return wanted == signature and time.time() < began + int(query["X-Amz-Expires"])

    def _signature(self, names: str, digest: str, moment: str, query: list[tuple[str, str]]) -> str:
        canonical = "\n".join(
            [
                self.command,
                urlsplit(self.path).path,
                "&".join(
                    sorted(f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in query)
                ),
                *(f"{name}:{(self.headers[name] or '').strip()}" for name in names.split(";")),
                "",
                names,
                digest,
            ]
        )
        scope = f"{moment[:8]}/{REGION}/s3/aws4_request"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashed}"
        key = f"AWS4{SECRET}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _coded(text: str) -> str:
    return quote(text, safe="-_.~")


@contextmanager
def running() -> Iterator[S3Server]:
    server = S3Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
