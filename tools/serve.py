"""Show the built book in a browser, from a small web server on this machine.

Tornado, which Jupyter brings along, sends text compressed and keeps connections open like the
servers of the web, so that what is measured here holds there. The server of Python's own
library does neither. What is ours chooses the port and says where the book is.
"""

import asyncio
import threading
import webbrowser
from urllib.parse import urlsplit

import yaml
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler

from lr_grading.assignments import ROOT

SITE = ROOT / "_build" / "html"


class SiteServer:
    """A server of the built book on this machine.

    Args:
        port: Where it listens; 0 takes any free port.

    Raises:
        OSError: Something else listens there.
    """

    def __init__(self, port: int = 0) -> None:
        self.sockets = bind_sockets(port, "127.0.0.1")
        self.url = f"http://127.0.0.1:{self.sockets[0].getsockname()[1]}"

    def serve_forever(self) -> None:
        asyncio.run(self._serve())

    def serve_in_background(self) -> None:
        """Serve as long as this program runs."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    async def _serve(self) -> None:
        files = {"path": str(SITE), "default_filename": "index.html"}
        site = Application(
            [("/(.*)", StaticFileHandler, files)],
            compress_response=True,
            log_function=lambda _: None,  # nothing for each request
        )
        HTTPServer(site).add_sockets(self.sockets)
        await asyncio.Event().wait()


def preferred_port() -> int:
    """The port of the address in _config.yml, where that is on this machine."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    address = urlsplit(config["sphinx"]["config"]["html_baseurl"])
    return address.port or 0 if address.hostname == "127.0.0.1" else 0


def server_where_expected() -> SiteServer:
    """A server at the address in _config.yml or, where something else is there, anywhere."""
    if not (SITE / "index.html").exists():
        raise SystemExit("The book is not built yet. Run: make book")
    try:
        return SiteServer(preferred_port())
    except OSError:
        return SiteServer()


def main() -> None:
    server = server_where_expected()
    print(f"The book is at {server.url}/ (Ctrl+C ends)", flush=True)
    webbrowser.open(f"{server.url}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
