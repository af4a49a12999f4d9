"""A small Decidim host for the tests: Doorkeeper's three addresses, over real HTTP, on a free port of this machine.

It checks what a real one checks (client, secret, redirect address, code used once, PKCE), and `misbehave` makes it
fail in one of the ways that a real one fails.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID, SECRET = "agora-tests", "a-secret-of-the-tests"


class DecidimServer:
    """`with DecidimServer() as decidim:` serves at `decidim.url`; `profile` is what /oauth/me answers."""

    def __init__(self) -> None:
        self.profile: Any = {
            "id": 311,
            "email": "laia@puigcerver.test",
            "name": "Laia Serra",
            "nickname": "laia_serra",
            "image": "https://decidim.test/laia.png",
        }
        self.misbehave: str | None = None
        self.scopes: list[str] = []
        self._grants: dict[str, dict[str, str]] = {}
        self._tokens: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> DecidimServer:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def authorize(self, query: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """The person has said yes in the browser; with `misbehave="denied"`, no."""
        if query.get("client_id") != CLIENT_ID or query.get("response_type") != "code":
            return 401, {}, "invalid_client"
        self.scopes = query.get("scope", "").split()
        back = {"state": query["state"]}
        if self.misbehave == "denied":
            back |= {"error": "access_denied"}
        else:
            back["code"] = secrets.token_urlsafe(8)
            self._grants[back["code"]] = query
        return 302, {"Location": f"{query['redirect_uri']}?{urlencode(back)}"}, ""

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, str], str]:
        grant = self._grants.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        refused = (
            self.misbehave == "token refused"
            or grant is None
            or (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, SECRET)
            or form.get("redirect_uri") != grant["redirect_uri"]
            or challenge.decode().rstrip("=") != grant.get("code_challenge")
        )
        if refused:
            return 400, {}, json.dumps({"error": "invalid_grant"})
        token = secrets.token_urlsafe(16)
        self._tokens.add(token)
        strange = {"token garbage": "<html>", "token list": "[1]", "token number": "5", "token null": "null"}
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 7200}
        if self.misbehave == "token life":
            answer["expires_in"] = "soon"
        return 200, {}, strange.get(self.misbehave or "", json.dumps(answer))

    def me(self, bearer: str) -> tuple[int, dict[str, str], str]:
        if bearer.removeprefix("Bearer ") not in self._tokens or self.misbehave == "me refused":
            return 401, {}, ""
        strange = {"me garbage": "<html>", "me list": "[1]", "me broken": '{"id": '}
        if self.misbehave == "me fails":
            return 500, {}, "Internal Server Error"
        return 200, {}, strange.get(self.misbehave or "", json.dumps(self.profile))

    def _handler(decidim) -> type[BaseHTTPRequestHandler]:  # noqa: N805  `self` is the request's, below
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlsplit(self.path)
                if url.path == "/oauth/authorize":
                    self._answer(*decidim.authorize({name: values[0] for name, values in parse_qs(url.query).items()}))
                elif url.path == "/oauth/me":
                    self._answer(*decidim.me(self.headers.get("Authorization", "")))
                else:
                    self._answer(404, {}, "")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(*(decidim.token(form) if self.path == "/oauth/token" else (404, {}, "")))

            def _answer(self, status: int, headers: dict[str, str], body: str) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_args: object) -> None:
                pass

        return Handler
