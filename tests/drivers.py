"""One way to drive three engines: Chromium by Playwright, Firefox by WebDriver BiDi, and WebKit,
the engine of Safari, by WebDriver. A test says once what a reader does, and runs in all of them.

Each tab has a store of its own and nothing of another test. Nothing is downloaded: an engine that
is not installed is left out, with the reason.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

KEYS = {
    "Enter": "\ue007",
    "Tab": "\ue004",
    "Escape": "\ue00c",
    "ArrowDown": "\ue015",
    "Space": " ",
}


# Brings an element into the window, as little as needed: a bar that sticks there stays where it is.
INTO_VIEW = """(it => {{
  const box = it.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (!top || !(it.contains(top) || top.contains(it)))
    it.scrollIntoView({{ block: 'center', behavior: 'instant' }});
}})(document.querySelector({selector}))"""


class EngineMissing(Exception):
    """The engine, or what drives it, is not installed; the message says which program."""


class Tab(ABC):
    """A window of one engine. Waiting methods fail the test after `seconds`, with what they saw.

    `errors` are those of the console. WebKit's driver tells none: `faulty_host` has pages report.
    """

    errors: list[str]

    @abstractmethod
    def open(self, address: str) -> None:
        """Goes to an address and waits until the page has loaded."""

    @abstractmethod
    def start_opening(self, address: str) -> None:
        """Goes to an address without waiting for it."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, or of the promise that it is, as JSON."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Clicks the first element that is found, with a pointer or, on a phone, a finger."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Types letters into what has the focus."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Presses one key of `KEYS`."""

    @abstractmethod
    def back(self) -> None:
        """Goes back in the history."""

    @abstractmethod
    def reload(self) -> None:
        """Loads the page again and waits for it."""

    @abstractmethod
    def sibling(self) -> Tab:
        """Another tab of the same reader: it shares what is kept."""

    def on_paper(self) -> str:
        """The words of the page as it is printed; "" where the driver cannot print."""
        return ""

    def wait_for(self, expression: str, seconds: float = 20) -> Any:
        """Waits until an expression is true, also over a change of page, and gives its value."""
        end, seen = time.monotonic() + seconds, None
        while time.monotonic() < end:
            try:
                seen = self.evaluate(expression)
            except self.between_pages as error:
                seen = error
            else:
                if seen:
                    return seen
            time.sleep(0.1)
        raise AssertionError(f"not so after {seconds} s: {expression}: {seen!r}")

    between_pages: tuple[type[Exception], ...] = ()

    def shows(self, selector: str) -> bool:
        """Whether an element is there and can be seen."""
        found = f"document.querySelector({json.dumps(selector)})"
        return bool(
            self.evaluate(f"Boolean({found}?.checkVisibility({{ visibilityProperty: true }}))")
        )

    def words(self, selector: str) -> str:
        """The text of the first element that is found, "" where there is none."""
        return str(
            self.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")
        )

    @property
    def address(self) -> str:
        return str(self.evaluate("location.href"))


class Engine(ABC):
    """A running browser."""

    name: str

    @abstractmethod
    def tab(self, width: int = 1280, *, touch: bool = False) -> Any:
        """A context manager that gives a `Tab` of a reader with an empty store."""


def _program(name: str, *others: str) -> str:
    for one in (name, *others):
        if found := shutil.which(one):
            return found
    raise EngineMissing(f"{name} is not installed")


def _words_of_pdf(data: bytes) -> str:
    from pypdfium2 import PdfDocument

    with PdfDocument(data) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


# -- Chromium ----------------------------------------------------------------------------------


class ChromiumTab(Tab):
    def __init__(self, page: Any, touch: bool):
        from playwright.sync_api import Error

        self.page, self.touch, self.errors = page, touch, []
        self.between_pages = (Error,)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _said(self, message: Any) -> None:
        # The browser asks for its icon when it likes, also without a connection.
        is_icon = re.search(r"/assets/icons/|/favicon\.ico$", message.location.get("url", ""))
        if message.type == "error" and not is_icon:
            self.errors.append(f"{message.text} {message.location.get('url', '')}".strip())

    def open(self, address: str) -> None:
        self.page.goto(address)

    def start_opening(self, address: str) -> None:
        self.page.goto(address, wait_until="commit")

    def evaluate(self, expression: str) -> Any:
        return self.page.evaluate(f"() => ({expression})")

    def click(self, selector: str) -> None:
        element = self.page.locator(selector).first
        if self.touch:
            element.tap()
        else:
            element.click()

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=10)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def back(self) -> None:
        self.page.go_back()

    def reload(self) -> None:
        self.page.reload()

    def sibling(self) -> Tab:
        return ChromiumTab(self.page.context.new_page(), self.touch)

    def on_paper(self) -> str:
        return _words_of_pdf(self.page.pdf())

    def limit_storage(self, size: int) -> None:
        """Lets the site keep no more than `size` bytes."""
        session = self.page.context.new_cdp_session(self.page)
        origin = re.match(r"\w+://[^/]+", self.page.url)
        assert origin, self.page.url
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin[0], "quotaSize": size})


class Chromium(Engine):
    """The Chromium of the tests' `browser`: two of Playwright cannot run in one process."""

    name = "chromium"

    def __init__(self, browser: Any):
        self.browser = browser

    @contextmanager
    def tab(self, width: int = 1280, *, touch: bool = False) -> Iterator[Tab]:
        context = self.browser.new_context(
            viewport={"width": width, "height": 844},
            has_touch=touch,
            is_mobile=touch,
            reduced_motion="reduce",
        )
        context.set_default_timeout(20000)
        try:
            yield ChromiumTab(context.new_page(), touch)
        finally:
            context.close()


# -- Firefox -----------------------------------------------------------------------------------


class BidiError(Exception):
    """What Firefox answers to a command that it cannot do."""


class Bidi:
    """A connection to Firefox by WebDriver BiDi; commands wait for their answer."""

    def __init__(self, address: str):
        from websocket import create_connection

        self._socket = create_connection(f"{address}/session", timeout=60, suppress_origin=True)
        self._numbers = itertools.count(1)
        self.listeners: dict[str, Callable[[dict[str, Any]], None]] = {}
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])

    def send(self, method: str, **params: Any) -> Any:
        """Sends a command and returns its result. Raises `BidiError`."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("type") == "event":
                entry = message["params"]
                listener = self.listeners.get(entry.get("source", {}).get("context", ""))
                if listener:
                    listener(entry)
            elif message.get("id") == number:
                if message["type"] == "error":
                    raise BidiError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]

    def close(self) -> None:
        self._socket.close()


class FirefoxTab(Tab):
    between_pages = (BidiError,)

    def __init__(self, bidi: Bidi, user: str, width: int):
        self._bidi, self._user, self._width, self.errors = bidi, user, width, []
        self.context = bidi.send("browsingContext.create", type="tab", userContext=user)["context"]
        bidi.listeners[self.context] = self._said
        bidi.send(
            "browsingContext.setViewport",
            context=self.context,
            viewport={"width": width, "height": 844},
        )

    def _said(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error":
            self.errors.append(str(entry["text"]))

    def open(self, address: str) -> None:
        self._navigate(address, "complete")

    def start_opening(self, address: str) -> None:
        self._navigate(address, "none")

    def _navigate(self, address: str, wait: str) -> None:
        self._bidi.send("browsingContext.navigate", context=self.context, url=address, wait=wait)

    def evaluate(self, expression: str) -> Any:
        made = f"(async () => JSON.stringify((await ({expression})) ?? null))()"
        answer = self._bidi.send(
            "script.evaluate",
            expression=made,
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def _act(self, *sources: dict[str, Any]) -> None:
        self._bidi.send("input.performActions", context=self.context, actions=list(sources))

    def click(self, selector: str) -> None:
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(f"{found} !== null")
        self.evaluate(INTO_VIEW.format(selector=json.dumps(selector)))
        element = self._bidi.send(
            "script.evaluate",
            expression=found,
            target={"context": self.context},
            awaitPromise=False,
        )["result"]
        origin = {"type": "element", "element": {"sharedId": element["sharedId"]}}
        self._act(
            {
                "type": "pointer",
                "id": "mouse",
                "actions": [
                    {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
                    {"type": "pointerDown", "button": 0},
                    {"type": "pointerUp", "button": 0},
                ],
            }
        )

    def type(self, text: str) -> None:
        strokes = [
            {"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")
        ]
        self._act({"type": "key", "id": "keys", "actions": strokes})

    def press(self, key: str) -> None:
        self.type(KEYS[key])

    def back(self) -> None:
        self._bidi.send("browsingContext.traverseHistory", context=self.context, delta=-1)

    def reload(self) -> None:
        self._bidi.send("browsingContext.reload", context=self.context, wait="complete")

    def on_paper(self) -> str:
        printed = self._bidi.send("browsingContext.print", context=self.context)
        return _words_of_pdf(base64.b64decode(printed["data"]))

    def sibling(self) -> Tab:
        return FirefoxTab(self._bidi, self._user, self._width)


class Firefox(Engine):
    name = "firefox"

    def __init__(self, bidi: Bidi):
        self.bidi = bidi

    @contextmanager
    def tab(self, width: int = 1280, *, touch: bool = False) -> Iterator[Tab]:
        user = self.bidi.send("browser.createUserContext")["userContext"]
        tab = FirefoxTab(self.bidi, user, width)
        try:
            yield tab
        finally:
            self.bidi.send("browser.removeUserContext", userContext=user)


@contextmanager
def firefox() -> Iterator[Engine]:
    """Firefox without a window, from `FIREFOX` in the environment or the path."""
    path = os.environ.get("FIREFOX") or _program("firefox-esr", "firefox")
    with tempfile.TemporaryDirectory() as home:
        profile = Path(home) / "profile"
        profile.mkdir()
        running = subprocess.Popen(
            [path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "HOME": home, "MOZ_CRASHREPORTER_DISABLE": "1"},
        )
        try:
            yield from _connected(running)
        finally:
            running.terminate()
            running.wait(20)


def _connected(running: subprocess.Popen[str]) -> Iterator[Engine]:
    assert running.stderr
    for line in running.stderr:
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            bidi = Bidi(found[1])
            yield Firefox(bidi)
            bidi.close()
            return
    raise AssertionError("Firefox ended before it could be driven")


# -- WebKit ------------------------------------------------------------------------------------


class WebKitTab(Tab):
    def __init__(self, driver: Any):
        from selenium.common.exceptions import WebDriverException

        self._session, self._window, self.errors = driver, driver.current_window_handle, []
        self.between_pages = (WebDriverException,)

    @property
    def _driver(self) -> Any:
        """The driver, with this tab in front of the others of its reader."""
        if self._session.current_window_handle != self._window:
            self._session.switch_to.window(self._window)
        return self._session

    def open(self, address: str) -> None:
        self._driver.get(address)

    def start_opening(self, address: str) -> None:
        # WebDriver waits for the first bytes of a page; a click of the page itself does not.
        self._driver.execute_script(
            f"setTimeout(() => {{ location.href = {json.dumps(address)} }})"
        )

    def evaluate(self, expression: str) -> Any:
        answer = self._driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"(async () => ({expression}))().then("
            "  value => done({ value: value ?? null }), error => done({ error: String(error) }));"
        )
        if "error" in answer:
            raise AssertionError(f"{expression}: {answer['error']}")
        return answer["value"]

    def _element(self, selector: str) -> Any:
        self.wait_for(f"document.querySelector({json.dumps(selector)}) !== null")
        return self._driver.find_element("css selector", selector)

    def click(self, selector: str) -> None:
        element = self._element(selector)
        self.evaluate(INTO_VIEW.format(selector=json.dumps(selector)))
        element.click()

    def type(self, text: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self._driver).send_keys(text).perform()

    def press(self, key: str) -> None:
        self.type(KEYS[key])

    def back(self) -> None:
        self._driver.back()

    def reload(self) -> None:
        self._driver.refresh()

    def sibling(self) -> Tab:
        self._session.switch_to.new_window("tab")
        return WebKitTab(self._session)


class WebKit(Engine):
    name = "webkit"

    def __init__(self, driver: str, browser: str):
        self._program, self._browser = driver, browser

    @contextmanager
    def tab(self, width: int = 1280, *, touch: bool = False) -> Iterator[Tab]:
        driver, service = self._started()
        try:
            driver.set_script_timeout(30)
            driver.set_page_load_timeout(60)
            # The narrowest window of this engine is about 450 px wide.
            driver.set_window_size(max(width, 450), 844)
            yield WebKitTab(driver)
        finally:
            # What a test has to say goes before what its browser says at the end.
            with suppress(Exception):
                driver.quit()
            service.stop()

    def _started(self) -> tuple[Any, Any]:
        """A browser, and the driver that it belongs to.

        Now and then a browser dies as it starts, and its driver waits for it for ever: then
        another is started.
        """
        from selenium import webdriver
        from selenium.webdriver.remote.client_config import ClientConfig
        from selenium.webdriver.webkitgtk.options import Options
        from selenium.webdriver.webkitgtk.service import Service
        from urllib3.exceptions import HTTPError

        options = Options()
        options.binary_location = self._browser
        options.add_argument("--automation")
        for is_last in (False, False, True):
            service = Service(self._program)
            service.start()
            config = ClientConfig(remote_server_addr=service.service_url, timeout=30)
            try:
                driver = webdriver.Remote(
                    service.service_url, options=options, client_config=config
                )
            except HTTPError:
                service.stop()
                if is_last:
                    raise
            else:
                # A command that is never answered fails the test; it does not end the run.
                config.timeout = 90
                return driver, service
        raise AssertionError


@contextmanager
def _screen() -> Iterator[None]:
    """A screen in memory where there is none: WebKit has no mode without windows."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield
        return
    read, write = os.pipe()
    running = subprocess.Popen(
        [_program("Xvfb"), "-displayfd", str(write), "-screen", "0", "1600x1200x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as number:
            os.environ["DISPLAY"] = f":{number.readline().strip()}"
        yield
    finally:
        os.environ.pop("DISPLAY", None)
        running.terminate()
        running.wait(20)


@contextmanager
def webkit() -> Iterator[Engine]:
    """The small browser that comes with WebKit for GTK."""
    driver = _program("WebKitWebDriver")
    browsers = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.*/MiniBrowser"))
    if not browsers:
        raise EngineMissing("MiniBrowser is not installed: the package webkit2gtk-driver has it")
    with _screen():
        yield WebKit(driver, str(browsers[-1]))


# The engines beside the one that all tests have.
OTHER_ENGINES = {"firefox": firefox, "webkit": webkit}
