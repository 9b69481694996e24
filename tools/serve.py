"""Show the built book in a browser, from a small web server on this machine."""

import functools
import http.server
import sys
import webbrowser
from pathlib import Path

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing for each request."""


class PatientServer(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a browser hangs up before the end of a page."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def site_server(port: int = 0) -> PatientServer:
    """A server of the built book on this machine; port 0 takes any free one."""
    return PatientServer(("127.0.0.1", port), functools.partial(QuietHandler, directory=str(SITE)))


def main() -> None:
    if not (SITE / "index.html").exists():
        raise SystemExit("The book is not built yet. Run: make book")
    try:
        server = site_server(8000)
    except OSError:  # something else is there already
        server = site_server()
    url = f"http://127.0.0.1:{server.server_port}/"
    print(f"The book is at {url} (Ctrl+C ends)", flush=True)
    webbrowser.open(url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
