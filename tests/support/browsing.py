"""What browser tests share: how the site is looked at, how it is served, and what a page must not do."""

import itertools
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from futures_explorer.errors import ExplorerError
from futures_explorer.project import BASE
from futures_explorer.site.serve import application, free_socket
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, WebError

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


#: Kernels whose worker never answers, also where the service worker has all that it would start with.
NO_PYTHON = """window.Worker = new Proxy(Worker, {
    construct: (Real, given) => String(given[0]).includes('comlink')
        ? Object.assign(new EventTarget(), {postMessage() {}, terminate() {}}) : new Real(...given),
})"""


#: No port is used twice by one process: each server is an origin that no browser has seen.
_PORTS = itertools.count(20_000 + 1_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]))
#: What `serving` served so far, and does perhaps no more.
_ORIGINS: set[str] = set()


def _socket_of_its_own() -> tuple[socket.socket, int]:
    while True:
        with suppress(ExplorerError):
            return free_socket(next(_PORTS), tries=1)


@contextmanager
def serving(folder: Path, watch: Callable[[dict], None] = lambda _scope: None) -> Iterator[str]:
    """Serves a built site from this process; gives its base, under a sub-path as on GitHub Pages, of a new origin.

    `watch` is called with the ASGI scope of each request.
    """
    site = application(folder)

    async def watched(scope, receive, send) -> None:
        if scope["type"] == "http":
            watch(scope)
        await site(scope, receive, send)

    listener, port = _socket_of_its_own()
    _ORIGINS.add(f"http://127.0.0.1:{port}/")
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

    @property
    def _heard(self) -> dict[str, Callable]:
        return {"request": self._request, "response": self._response, "weberror": self._error}

    def watch(self, context: BrowserContext) -> None:
        for event, hear in self._heard.items():
            context.on(event, hear)

    def stop_watching(self, context: BrowserContext) -> None:
        for event, hear in self._heard.items():
            context.remove_listener(event, hear)

    def _is_of_another_test(self, url: str) -> bool:
        """A page of a test before, or one that all share, is still at something: another origin of this process."""
        return not url.startswith(self.origin) and any(url.startswith(origin) for origin in _ORIGINS)

    def _error(self, error: WebError) -> None:
        # JupyterLite says this of a kernel that it gives up while it starts, as it does when a page is left.
        if not re.fullmatch(r"[0-9a-f-]{36} was disposed", str(error.error)):
            self.found.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        if self._is_of_another_test(request.url):
            return
        self.requests.append(request)
        if re.match(r"https?://", request.url) and not request.url.startswith(self.origin):
            self.found.append(f"another origin: {request.method} {request.url}")

    def _response(self, response: Response) -> None:
        # JupyterLite asks this every 20 s, and does without an answer: it goes to the server where the browser's service
        # worker did not start in time, as on a busy machine.
        is_sign_of_life = response.url == f"{self.origin}api/service-worker-heartbeat"
        if response.status >= 400 and not is_sign_of_life and not self._is_of_another_test(response.url):
            self.found.append(f"{response.status}: {response.url}")


#: Makes all pages of a context one process. What one of them compiled, the others have: a notebook's start then costs
#: half of the processor time. Nothing else is shared by pages of different origins.
ONE_PROCESS = "--process-per-site"
#: Compiles the site's WebAssembly, and keeps it for as long as the page is there.
KEEP_COMPILED = """async (urls) => {
    globalThis.kept = await Promise.all(urls.map((url) => WebAssembly.compileStreaming(fetch(url))));
}"""


class Window:
    """A browser profile that tests use one after another, each at an origin of its own, at which nothing is kept yet."""

    def __init__(self, browser: Browser, site: Path, url: str, look: str) -> None:
        self._look = look
        self.context = browser.new_context(**LOOKS[look])
        self.context.set_default_timeout(60_000)
        first = self.context.new_page()
        first.goto(f"{url}404.html")
        first.evaluate(
            KEEP_COMPILED, [url + file.relative_to(site).as_posix() for file in site.rglob("*.wasm")]
        )
        self._devtools = self.context.new_cdp_session(first)

    @contextmanager
    def lent(self) -> Iterator[BrowserContext]:
        """The context, for one test. What it opened, set and stored is gone afterwards."""
        before = set(self.context.pages)
        origins = set()

        def visited(request: Request) -> None:
            if request.is_navigation_request():
                origins.add("/".join(request.url.split("/")[:3]))

        self.context.on("request", visited)
        yield self.context
        self.context.remove_listener("request", visited)
        self.context.unroute_all(behavior="ignoreErrors")
        for page in set(self.context.pages) - before:
            page.close()
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.context.clear_cookies()
        for origin in origins:
            self._devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
