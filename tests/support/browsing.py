"""What browser tests share: how the site is looked at, how it is served, and what a page must not do."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from futures_explorer.project import BASE
from futures_explorer.site.serve import application, free_socket
from playwright.sync_api import BrowserContext, Page, Request, Response, WebError

#: Every combination in which people look at the site.
LOOKS = {
    f"{width}-{scheme}": {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    for width, height in ((1280, 900), (390, 844))
    for scheme in ("light", "dark")
}


def show_as(page: Page, look: str) -> None:
    """Shows a page in another of LOOKS."""
    page.emulate_media(color_scheme=LOOKS[look]["color_scheme"])
    page.set_viewport_size(LOOKS[look]["viewport"])


def wear(page: Page, look: str) -> None:
    """Shows a notebook's page in another of LOOKS, and waits until JupyterLab's theme is that."""
    show_as(page, look)
    light = str(LOOKS[look]["color_scheme"] == "light").lower()
    page.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")


@contextmanager
def serving(folder: Path, watch: Callable[[dict], None] = lambda _scope: None) -> Iterator[str]:
    """Serves a built site from this process; gives its base, under a sub-path as on GitHub Pages.

    `watch` is called with the ASGI scope of each request.
    """
    site = application(folder)

    async def watched(scope, receive, send) -> None:
        if scope["type"] == "http":
            watch(scope)
        await site(scope, receive, send)

    listener, port = free_socket(8900, tries=200)
    server = uvicorn.Server(uvicorn.Config(watched, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}{BASE}"
    server.should_exit = True
    thread.join(timeout=10)


@dataclass
class Trouble:
    """What a page must not do: leave its origin, ask for what is not there, fail uncaught."""

    origin: str
    requests: list[Request] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("weberror", self._error)

    def _error(self, error: WebError) -> None:
        # JupyterLite says this of a kernel that it gives up while it starts, as it does when a page is left.
        if not re.fullmatch(r"[0-9a-f-]{36} was disposed", str(error.error)):
            self.found.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        self.requests.append(request)
        if re.match(r"https?://", request.url) and not request.url.startswith(self.origin):
            self.found.append(f"another origin: {request.method} {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.status}: {response.url}")
