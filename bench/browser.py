"""A browser as far as measuring needs one: one connection that is kept, cookies, nothing else."""

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(r'name="(csrf_token|csrfmiddlewaretoken)" value="([^"]+)"')


class Browser:
    """A signed-in person at one server."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> str:
        """The page at `path`; anything but 200 ends the measuring, for it would measure an error page."""
        status, page = self._ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return page

    def sign_in(self, path: str, username: str, password: str) -> None:
        found = TOKEN.search(self.get(path))
        if found is None:
            raise RuntimeError(f"{path} has no form")
        form = {found[1]: found[2], "username": username, "password": password}
        status, _page = self._ask("POST", path, urlencode(form))
        if status != 302:
            raise RuntimeError(f"signing in at {path} answered {status}")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # gunicorn keeps an idle connection for two seconds
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        page = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(value)
        return answer.status, page
