"""A bucket on this machine: as much of the S3 protocol as the product's client speaks, with signatures that are checked."""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit

ACCESS, SECRET, REGION, NAME = "test-access", "test-secret", "ap-northeast-1", "licences"
_SIGNED = re.compile(
    rf"AWS4-HMAC-SHA256 Credential={ACCESS}/(\d{{8}})/{REGION}/s3/aws4_request, SignedHeaders=([a-z0-9;-]+), "
    r"Signature=([0-9a-f]{64})"
)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Bucket(ThreadingHTTPServer):
    """Its objects by key, what was asked of it, and whether it refuses everybody."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.asked: list[str] = []
        self.refuses = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's signature)
        """Nothing on stderr."""

    def _serve(self) -> None:
        if self.headers.get("Expect"):
            self.send_response_only(100)
            self.end_headers()
        body = self._body()
        place = urlsplit(self.path)
        query = dict(parse_qsl(place.query, keep_blank_values=True))
        self.server.asked.append(" ".join([self.command, *sorted(query)]))
        _, bucket, key = place.path.split("/", 2)
        if self.server.refuses or bucket != NAME or not self._is_signed(place.path, query):
            return self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        if self.command == "PUT" and "partNumber" in query:
            self.server.parts[query["uploadId"]][int(query["partNumber"])] = body
            return self._answer(200, ETag=f'"{query["partNumber"]}"')
        if self.command == "PUT":
            self.server.objects[key] = body
            return self._answer(200, ETag='"whole"')
        if self.command == "POST":
            return self._multipart(key, query)
        if self.command == "DELETE":
            self.server.objects.pop(key, None)
            return self._answer(204)
        return self._given(key)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815  (the library's names)

    def _multipart(self, key: str, query: dict[str, str]) -> None:
        if "uploads" in query:
            self.server.parts["one"] = {}
            said = "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>"
            return self._answer(200, said.encode())
        parts = self.server.parts.pop(query["uploadId"])
        self.server.objects[key] = b"".join(parts[number] for number in sorted(parts))
        return self._answer(200, b"<CompleteMultipartUploadResult/>")

    def _given(self, key: str) -> None:
        content = self.server.objects.get(key)
        if content is None:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted is None:
            return self._answer(200, content, ETag='"whole"')
        first, last = int(wanted[1]), min(int(wanted[2] or len(content)), len(content) - 1)
        span = f"bytes {first}-{last}/{len(content)}"
        return self._answer(206, content[first : last + 1], ETag='"whole"', **{"Content-Range": span})

    def _body(self) -> bytes:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return sent
        content, at = b"", 0
        while True:  # length in hex, perhaps with a signature, then the piece; after the last a checksum
            end = sent.index(b"\r\n", at)
            length = int(sent[at:end].split(b";")[0], 16)
            if not length:
                return content
            content += sent[end + 2 : end + 2 + length]
            at = end + 2 + length + 2

    def _is_signed(self, path: str, query: dict[str, str]) -> bool:
        """Whether the Authorization header is this request's signature (version 4) with the secret that we know."""
        found = _SIGNED.fullmatch(self.headers.get("Authorization", ""))
        if found is None:
            return False
        day, names, signature = found.groups()
        given = "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))
        headers = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names.split(";"))
        payload = self.headers["x-amz-content-sha256"]
        request = f"{self.command}\n{path}\n{given}\n{headers}\n{names}\n{payload}"
        digest = hashlib.sha256(request.encode()).hexdigest()
        to_sign = f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{day}/{REGION}/s3/aws4_request\n{digest}"
        key = f"AWS4{SECRET}".encode()
        for part in (day, REGION, "s3", "aws4_request"):
            key = _hmac(key, part)
        return hmac.compare_digest(_hmac(key, to_sign).hex(), signature)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Connection", "close")  # so that a server that was shut down is reached by nobody
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def serving() -> Iterator[Bucket]:
    """The bucket, until the block ends."""
    with Bucket() as bucket:
        thread = threading.Thread(target=bucket.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield bucket
        finally:
            bucket.shutdown()
            thread.join()
