"""A person with a browser, as far as a measurement needs one: cookies, and the sign-in form."""

from __future__ import annotations

import re
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

DEMO_PASSWORD = "participa311-demo"  # noqa: S105  of the fictional accounts, public on purpose
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> tuple[int, str]:
        """The status after redirects, and the text."""
        try:
            with self._opener.open(self.base + path, timeout=30) as response:
                return response.status, response.read().decode(errors="replace")
        except HTTPError as answer:
            return answer.code, ""

    def sign_in(self, email: str, password: str) -> None:
        """Raises RuntimeError when the form does not let the person in."""
        _status, page = self.get("/compte/login/")
        found = TOKEN.search(page)
        if found is None:
            raise RuntimeError("the sign-in page has no form")
        data = urlencode({"csrfmiddlewaretoken": found[1], "login": email, "password": password}).encode()
        request = Request(self.base + "/compte/login/", data, {"Referer": self.base + "/compte/login/"})  # noqa: S310
        with self._opener.open(request, timeout=30):
            pass
        if "sessionid" not in {cookie.name for cookie in self.jar}:
            raise RuntimeError(f"{email} could not sign in")

    @property
    def cookie(self) -> str:
        """The value of a Cookie header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
