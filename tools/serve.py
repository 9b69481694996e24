"""Show the built book in a browser, from a small web server on this machine.

Like the servers of the web it sends text compressed and keeps connections open, so what
is measured here holds there.
"""

import functools
import gzip
import http.server
import io
import sys
import webbrowser
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import yaml

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".ipynb"}


@functools.cache
def compressed(path: Path, changed: float) -> bytes:
    """The file in gzip, kept until it changes."""
    return gzip.compress(path.read_bytes(), mtime=0)


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        path = Path(self.translate_path(self.path))
        if self.path.split("?")[0].endswith("/"):
            path /= "index.html"
        asked = "gzip" in self.headers.get("Accept-Encoding", "")
        fresh = self.headers.get("If-Modified-Since")
        if not asked or fresh or path.suffix not in COMPRESSED or not path.is_file():
            return super().send_head()
        body = compressed(path, path.stat().st_mtime)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.date_time_string(int(path.stat().st_mtime)))
        self.end_headers()
        return io.BytesIO(body)

    def guess_type(self, path: str | Path) -> str:  # type: ignore[override]
        kind = super().guess_type(str(path))
        is_text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))
        return f"{kind}; charset=utf-8" if is_text else kind

    def log_message(self, *_: object) -> None:
        """Say nothing for each request."""


class PatientServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a browser hangs up before the end of a page."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def site_server(port: int = 0) -> PatientServer:
    """A server of the built book on this machine; port 0 takes any free one."""
    return PatientServer(("127.0.0.1", port), functools.partial(Handler, directory=str(SITE)))


def preferred_port() -> int:
    """The port of the address in _config.yml, where that is on this machine."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    address = urlsplit(config["sphinx"]["config"]["html_baseurl"])
    return address.port or 0 if address.hostname == "127.0.0.1" else 0


def server_where_expected() -> PatientServer:
    """A server at the address in _config.yml or, where something else is there, anywhere."""
    if not (SITE / "index.html").exists():
        raise SystemExit("The book is not built yet. Run: make book")
    try:
        return site_server(preferred_port())
    except OSError:
        return site_server()


def main() -> None:
    server = server_where_expected()
    url = f"http://127.0.0.1:{server.server_port}/"
    print(f"The book is at {url} (Ctrl+C ends)", flush=True)
    webbrowser.open(url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
