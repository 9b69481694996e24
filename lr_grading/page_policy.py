"""What the pages that show a student's work may run and load: a Content-Security-Policy for each.

What a student wrote is shown as harmless HTML. The policy is the second line of defense, should
something slip through: in formgrader the teacher's session can read and change every file. A page
of feedback runs MathJax alone. A page of formgrader runs the scripts that its template has in
front of the notebook, and no others; a file that was handed in opens without scripts.
"""

import base64
import hashlib
import re
import secrets
import sys
from typing import Any

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
COMMON = "default-src 'none'; base-uri 'none'; style-src 'self' 'unsafe-inline' {mathjax}; "
COMMON += "font-src 'self' data: {mathjax}; img-src 'self' data: {mathjax}; "
# MathJax reads its settings, and formgrader its templates, with eval.
FEEDBACK = COMMON + "form-action 'none'; script-src {mathjax} 'unsafe-eval'"
FORMGRADER = COMMON + "form-action 'self'; connect-src 'self'; frame-ancestors 'self'; "
FORMGRADER += "script-src 'nonce-{nonce}' {mathjax} 'unsafe-eval'; script-src-attr {handlers}"
HANDED_IN = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"

# What follows /formgrader in an address: nbgrader's own files, and what shows a page.
OWN = re.compile(r"/(static|fonts|submissions/components)/.*")
PAGE = re.compile(r"(?!/api/|/submissions/).*|/submissions/[^/]+/?")
NOTEBOOK = b'<div class="border-box-sizing" id="notebook">'


def feedback_policy() -> str:
    """The element that gives a page of feedback its policy."""
    policy = FEEDBACK.format(mathjax=MATHJAX)
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}"/>'


class FormgraderPolicy(OutputTransform):
    """Adds the policy to what formgrader answers."""

    def __init__(self, request: HTTPServerRequest) -> None:
        _, self._formgrader, self._rest = request.path.partition("/formgrader")

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        if not self._formgrader or OWN.fullmatch(self._rest):
            return status_code, headers, chunk
        if not PAGE.fullmatch(self._rest):
            headers["Content-Security-Policy"] = HANDED_IN
        elif headers.get("Content-Type", "").startswith("text/html"):
            chunk, headers["Content-Security-Policy"] = guarded(chunk)
            if "Content-Length" in headers:
                headers["Content-Length"] = str(len(chunk))
        return status_code, headers, chunk


def guarded(page: bytes) -> tuple[bytes, str]:
    """A page whose own scripts carry a nonce, and the policy that asks for it."""
    own, notebook, students = page.partition(NOTEBOOK)
    nonce = secrets.token_urlsafe(16)
    handlers = re.findall(rb'\bonclick="([^"]*)"', own, re.IGNORECASE)
    digests = [base64.b64encode(hashlib.sha256(code).digest()).decode() for code in handlers]
    allowed = ["'unsafe-hashes'", *(f"'sha256-{digest}'" for digest in sorted(set(digests)))]
    own = own.replace(b"<script", f'<script nonce="{nonce}"'.encode())
    policy = FORMGRADER.format(
        nonce=nonce, mathjax=MATHJAX, handlers=" ".join(allowed) if digests else "'none'"
    )
    return own + notebook + students, policy


def guard_server() -> None:
    """In a Jupyter server, give formgrader's pages their policy; elsewhere do nothing."""
    module: Any = sys.modules.get("jupyter_server.serverapp")
    if module is None or not module.ServerApp.initialized():
        return
    transforms = module.ServerApp.instance().web_app.transforms
    if FormgraderPolicy not in transforms:
        transforms.insert(0, FormgraderPolicy)  # before what compresses
