"""What the tests share: a tiny made-up guide to break, the real site built once, a real browser."""

from __future__ import annotations

import datetime
import fcntl
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from drivers import OTHER_ENGINES, Chromium, EngineMissing
from guide.base import language
from guide.outputs.asset_names import assets_in
from serving import serving

# The fixtures of the tests that publish.
pytest_plugins = ["publishing"]

ROOT = Path(__file__).resolve().parent.parent
TODAY = datetime.date(2026, 6, 1)


# Who asks for one of these needs a built guide, an engine or a browser.
SITE_FIXTURES = {
    "address",
    "browser",
    "engines",
    "gallery",
    "guide",
    "host",
    "installed",
    "pair",
    "printed",
    "project",
    "real",
    "served",
    "site",
    "source",
    "tab",
    "two_states",
    "unpacked",
    "wheel",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives each test its tier by what it needs: unit, site, or night where it says so itself."""
    for item in items:
        needs = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("night") or item.get_closest_marker("site"):
            continue
        item.add_marker(pytest.mark.site if needs & SITE_FIXTURES else pytest.mark.unit)


def day_of_content(root: Path = ROOT) -> datetime.date:
    """The newest day on which anything of a guide's content was read, looked up, searched or
    changed.

    Tests that read the real content take it for today: none turns red because a source was read
    yesterday, or because a review falls due.
    """
    keys = r"(?:accessed|checked|as_of|read|published|evidence_searched_to|last_full_review|date)"
    days = [
        datetime.date.fromisoformat(found)
        for path in sorted((root / "content").rglob("*.yml"))
        if "schemas" not in path.parts
        for found in re.findall(
            rf"\b{keys}: (\d{{4}}-\d\d-\d\d)\b", path.read_text(encoding="utf-8")
        )
    ]
    return max(day for day in days if day <= datetime.date.today())


CONTENT_DAY = day_of_content()


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the made-up guide of tests/tiny and the real pages, components and engine.

    Engines that a test starts take TODAY for today: the made-up review must not fall due one day
    and turn the tests red.
    """
    monkeypatch.setenv("GUIDE_TODAY", TODAY.isoformat())
    return make_project(tmp_path / "tiny", ROOT / "tests" / "tiny" / "content")


def make_current(project: Path) -> None:
    """Moves the made-up guide's dates so that it is in date by the real clock, which a publication
    goes by.
    """
    today, day = datetime.date.today(), datetime.timedelta(days=1)
    for path in sorted((project / "content").rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        for name, date in (
            ("next_review", today + 200 * day),
            ("evidence_searched_to", today - 30 * day),
            ("checked", today - 30 * day),
        ):
            text = re.sub(rf"\b{name}: \d{{4}}-\d\d-\d\d", f"{name}: {date.isoformat()}", text)
        path.write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints; the test fails where it fails."""
    return subprocess.run(
        ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments],
        cwd=folder,
        text=True,
        capture_output=True,
        check=True,
    ).stdout.strip()


def make_repository(project: Path, bare: Path) -> None:
    """Puts the project under git, with a bare repository as its 'origin' that holds the first
    commit.
    """
    git(project, "init", "-q", "--bare", "-b", "main", str(bare))
    shutil.copy(ROOT / ".gitignore", project / ".gitignore")
    git(project, "init", "-q", "-b", "main")
    git(project, "config", "user.name", "Test")
    git(project, "config", "user.email", "test@example.org")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "The guide")
    git(project, "remote", "add", "origin", str(bare))
    git(project, "push", "-q", "origin", "main")


def make_project(target: Path, content: Path) -> Path:
    """A whole project in `target` with the given content; everything else is this project's."""
    target.mkdir(parents=True)
    shutil.copytree(content, target / "content")
    for name in ("docs", "overrides", "scripts"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "requirements.lock"):
        shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test begins and ends in English: a guide that a test reads may have set another
    language.
    """
    language.use(language.ENGLISH)
    yield
    language.use(language.ENGLISH)


# The public address the real guide is built for, as a maintainer who publishes it sets it.
PUBLIC = "https://guide.example.org/"


def mkdocs(
    project: Path,
    *arguments: str,
    public: str = "",
    day: datetime.date | None = None,
    **options: object,
) -> subprocess.CompletedProcess[str]:
    """Runs plain `mkdocs` in a project, as a maintainer does; `public` is the site's public
    address, `day` the day written into pages.

    PDFs are kept between projects: what they are made from is in their names.
    """
    environment = {
        **os.environ,
        **({"GUIDE_TODAY": day.isoformat()} if day else {}),
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SITE_URL": public,
        "GUIDE_PDFS": str(ROOT / "build" / "pdf"),
    }
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        cwd=project,
        env=environment,
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
        **options,
    )


@pytest.fixture(scope="session")
def once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], None]], Path]:
    """Has a folder made by whichever process of the run wants it first; the others wait, and find
    it. Nobody writes in it afterwards.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                done.touch()
        return folder

    return made


def cited_in(element: Tag) -> set[str]:
    """The sources of an element's marks; those inside a run such as 22–26 are hidden in it."""
    marks = element.select(".cites > *")
    return {mark.get("data-cite") or mark["href"].removeprefix("#source-") for mark in marks}


def asset(site: Path, name: str) -> Path:
    """The file of a built site that is this asset; its name has a digest of its bytes."""
    return site / assets_in(site)[name]


@pytest.fixture(scope="session")
def site(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The real guide, built strictly once, in a copy of the project."""

    def build(project: Path) -> None:
        done = mkdocs(
            make_project(project, ROOT / "content"),
            "build",
            "--strict",
            public=PUBLIC,
            day=CONTENT_DAY,
        )
        assert done.returncode == 0, done.stderr

    return once("real-guide", build) / "site"


@pytest.fixture(scope="session")
def soups(site: Path) -> dict[str, BeautifulSoup]:
    """Every page of the real guide by its address, read once for all tests of a process."""
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): BeautifulSoup(
            path.read_text(encoding="utf-8"), "lxml"
        )
        for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the built site is served on the loopback, compressed as a host would."""
    with serving(site) as where:
        yield where


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A real Chromium; its path comes from scripts/test."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("no browser: run the tests with ./scripts/test, which finds or installs one")
    with sync_playwright() as play:
        running = play.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def engines(request: pytest.FixtureRequest) -> Iterator[Callable[[str], object]]:
    """Gives an engine of `drivers` by its name, started once for all tests of a process; an
    `EngineMissing` where it is not installed.
    """
    with ExitStack() as stack:
        started: dict[str, object] = {}

        def engine(name: str) -> object:
            if name == "chromium":
                return Chromium(request.getfixturevalue("browser"))
            if name not in started:
                try:
                    started[name] = stack.enter_context(OTHER_ENGINES[name]())
                except EngineMissing as missing:
                    started[name] = missing
            return started[name]

        yield engine


def open_folded(page: object, place: str) -> None:
    """Opens the folded parts around a place, the outer first, by their summaries as a reader
    does.
    """
    for summary in page.locator(f"article details:has({place}) > summary").all():
        summary.click()


@pytest.fixture
def page(browser: object, address: str) -> Iterator[object]:
    """A fresh tab at 1280 px. Requests to other hosts are refused and fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    elsewhere: list[str] = []

    def refuse(route: object) -> None:
        elsewhere.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith((address, "data:", "blob:", "about:")), refuse)
    tab = context.new_page()
    yield tab
    context.close()
    assert elsewhere == [], f"requests to other hosts: {elsewhere}"


# -- the installed engine ------------------------------------------------------------------------


def copy_of_the_package(target: Path) -> Path:
    """What the package is built from, and nothing else."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "scripts" / "guide", target / "scripts" / "guide", ignore=unwanted)
    for name in ("docs", "overrides"):
        shutil.copytree(ROOT / name, target / name)
    (target / "content").mkdir()
    for name in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "LICENSE-content",
        "CHANGELOG.md",
        "content/units.yml",
    ):
        shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built from a copy without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    source = copy_of_the_package(folder / "source")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, which finds the dependencies where the tests have them."""
    environment = tmp_path_factory.mktemp("installed") / "environment"
    venv.create(environment, with_pip=False)
    packages = next((environment / "lib").glob("python*")) / "site-packages"
    here = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "dependencies.pth").write_text(f"{here}\n", encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install"),
            *("--quiet", "--no-index", "--no-deps", wheel),
        ],
        check=True,
    )
    return environment
