"""The server of `make serve`: what it sends, and where it listens."""

import gzip
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.course import SITE
from tools import serve


def get(url: str, encoding: str = "") -> tuple[bytes, str]:
    """What comes, as it comes, and how it is encoded."""
    with urlopen(Request(url, headers={"Accept-Encoding": encoding})) as answer:
        return answer.read(), answer.headers.get("Content-Encoding", "")


@pytest.mark.parametrize("name", ["zh/sgd.html", "en/_static/site.css", "en/searchindex.js"])
def test_text_comes_compressed_to_those_who_ask(site: str, name: str) -> None:
    content = (SITE / name).read_bytes()
    assert get(f"{site}/{name}") == (content, "")
    body, encoding = get(f"{site}/{name}", "gzip")
    assert encoding == "gzip"
    assert len(body) < len(content) / 2
    assert gzip.decompress(body) == content


def test_a_picture_comes_as_it_is_and_a_folder_has_a_front_page(site: str) -> None:
    picture = (SITE / "en/_static/preview.png").read_bytes()
    assert get(f"{site}/en/_static/preview.png", "gzip") == (picture, "")
    assert get(f"{site}/zh/")[0] == (SITE / "zh" / "index.html").read_bytes()


@pytest.mark.parametrize(("path", "code"), [("nowhere.html", 404), ("../pdf/.built", 403)])
def test_there_is_nothing_but_the_site(site: str, path: str, code: int) -> None:
    with pytest.raises(HTTPError, match=str(code)):
        get(f"{site}/{path}")


def test_it_goes_elsewhere_where_something_else_listens(
    built_site: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = serve.SiteServer()
    port = int(taken.url.rsplit(":", 1)[1])
    monkeypatch.setattr(serve, "preferred_port", lambda: port)
    assert serve.server_where_expected().url != taken.url


def test_without_a_book_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "SITE", SITE / "nowhere")
    with pytest.raises(SystemExit, match="make book"):
        serve.server_where_expected()
