"""Serving the report's folder over HTTP to this machine.

Only what lies in the folder is served: no list of a folder, no hidden file, nothing that a link
leads out to. A request that names another host is refused, so that no web page can read the
report by a name of its own that leads here. Hosting it for others is a web server's work; the
headers are those that it should send (docs/report.md).
"""

from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}
HOSTS = ("127.0.0.1", "localhost")
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".duckdb": "application/octet-stream",
}


class ReportServer(ThreadingHTTPServer):
    """A server of one folder on loopback."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.folder = folder

    def file_of(self, target: str) -> Path | None:
        """The file that a request's target stands for; None where there is none to be served."""
        names = [name for name in unquote(urlsplit(target).path).split("/") if name]
        if any(name.startswith(".") or "\0" in name or "\\" in name for name in names):
            return None
        root = self.folder.resolve()
        path = root.joinpath(*names).resolve()
        if path.is_dir():
            # Without the slash at its end the page's own links would lead elsewhere.
            path = path / "index.html" if target.split("?")[0].endswith("/") else path
        return path if path.is_relative_to(root) and path.is_file() else None


class _Handler(SimpleHTTPRequestHandler):
    server: ReportServer
    server_version = "flk"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def send_head(self) -> BytesIO | BinaryIO | None:
        if (self.headers.get("Host") or "").rsplit(":", 1)[0] not in HOSTS:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        path = self.server.file_of(self.path)
        if path is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        file = path.open("rb")
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPES.get(path.suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(path.stat().st_size))
        self.end_headers()
        return file

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is logged of who reads what."""


def report_server(folder: Path, port: int) -> ReportServer:
    """A server of the folder on 127.0.0.1; OSError where the port cannot be used."""
    return ReportServer(folder, port)
