"""The guide without a connection: the manifest of the installed site, its service worker's build,
and the whole guide as one file.

The file (`guide.zip`) opens from a disk: links lead to files, the search needs no server, and its
bytes depend on nothing but the site's.
"""

from __future__ import annotations

import functools
import hashlib
import json
import posixpath
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from guide.base import language
from guide.base.files import files_of, place, put
from guide.base.fingerprint import digest_of, fingerprint
from guide.base.html import PageHtml, set_words
from guide.base.language import gettext as _
from guide.content.wording import shown_number
from guide.outputs.old_addresses import is_old_address
from guide.outputs.policy import secure
from guide.search.index import INDEXES

ZIP = "guide.zip"


# A guide with more bytes than this is not offered whole: nobody fetches it in one go, and a phone
# does not keep it.
LARGEST = 200_000_000


# What a copy on a disk has no use for: what only a server, a search engine or another site reads,
# and data for programs, which would be an eighth of it.
_LEFT_OUT = re.compile(
    r"^(?:sw\.js|404\.html|manifest\.webmanifest|guide\.zip|sitemap\.xml(?:\.gz)?|robots\.txt"
    r"|assets/offline\.json|assets/moved\.(?:[0-9a-f]{10}\.)?js|assets/pictures/link-preview\.png"
    r"|api/.*|published\.json|(?:.*/)?references\.(?:ris|bib|json))$"
)


def manifest(name: str, tagline: str, colour: str) -> bytes:
    """The web app manifest; every address in it is relative, so that it holds below any path."""
    icons = [
        {"src": f"assets/icons/{file}", "sizes": size, "type": kind, "purpose": purpose}
        for file, size, kind, purpose in (
            ("icon.svg", "any", "image/svg+xml", "any"),
            ("icon-192.png", "192x192", "image/png", "any"),
            ("icon-512.png", "512x512", "image/png", "any"),
            ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
        )
    ]
    data = {
        "name": name,
        "short_name": name if len(name) <= 12 else _("Guide"),
        "description": tagline,
        "lang": language.current().code,
        "dir": language.current().direction,
        "start_url": "./",
        "scope": "./",
        "id": "./",
        "display": "minimal-ui",
        "background_color": "#fdfcf9",
        "theme_color": colour,
        "icons": icons,
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


# Downloads for other programs and paper are fetched when wanted, not kept with the pages.
_FETCHED = re.compile(r"\.(?:pdf|csv|ris|bib|xml)$|(?:^|/)references\.json$|^api/")


def make_offline(
    site: Path,
    digest: Callable[[str], bytes | None] = lambda name: None,
    kept: Callable[[bytes, Callable[[], bytes]], Path | bytes] = lambda made_of, make: make(),
) -> None:
    """Makes the finished site readable without a connection: the file, the list of what can be
    kept, the worker's build.

    A site of more than `LARGEST` bytes gets no file and an empty list, and its page says so.
    `digest` gives that of a file's content (`digest_of`), by its path, where it is known. `kept`
    gives what was made of the same before, by 16 bytes that stand for it, or makes it.
    """
    sizes = {name: status.st_size for name, status in files_of(site)}
    offline_names = [
        name for name in sorted(sizes) if not _LEFT_OUT.match(name) and not _FETCHED.search(name)
    ]
    whole = sum(sizes.values()) <= LARGEST
    (site / "assets").mkdir(exist_ok=True)
    if whole:
        files = {name: site / name for name in sorted(sizes) if not _LEFT_OUT.match(name)}
        contents = ((name, digest(name) or digest_of(files[name].read_bytes())) for name in files)
        made_of = fingerprint(*(part for file in contents for part in file))
        place(site / ZIP, kept(made_of, lambda: disk_copy(files)))
        _say_size(site, (site / ZIP).stat().st_size)
    else:
        _say_too_large(site)
    put(
        site / "assets" / "offline.json",
        json.dumps(
            [name.removesuffix("index.html") for name in offline_names] if whole else [],
            separators=(",", ":"),
        ),
    )
    worker = site / "sw.js"
    if worker.is_file():
        # Of what a device keeps: with another digest it asks for all of it anew.
        build = hashlib.sha256()
        for name in (*offline_names, "assets/offline.json"):
            build.update(
                name.encode() + b"\0" + (digest(name) or digest_of((site / name).read_bytes()))
            )
        text = worker.read_text(encoding="utf-8")
        put(
            worker,
            text.replace(
                'const BUILD = "unfinished";', f'const BUILD = "{build.hexdigest()[:16]}";'
            ),
        )


def _say_size(site: Path, size: int) -> None:
    path = site / "about" / "offline" / "index.html"
    if path.is_file():
        page = PageHtml(path.read_text(encoding="utf-8"))
        for place in page.every("span.download__size"):
            megabytes = shown_number(Decimal(f"{size / 1_000_000:.1f}"))
            set_words(place, _("(a zip file of {size} MB)").format(size=megabytes))
        put(path, page.write())


def _say_too_large(site: Path) -> None:
    path = site / "about" / "offline" / "index.html"
    if path.is_file():
        said = _(
            "This guide is too large for one file. Open the pages that you need while you have a"
            " connection: they are then kept on this device."
        )
        page = PageHtml(path.read_text(encoding="utf-8"))
        for offer in page.every("div.whole-guide"):
            offer.replace_with(page.new("p", {}, said), move=True)
        for button in page.every("button.keep__all"):
            button.decompose()
        put(path, page.write())


def disk_copy(files: dict[str, Path]) -> bytes:
    """The site as a zip that opens from a disk. The same files give the same bytes, on any day and
    machine.
    """
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in sorted(files):
            if _LEFT_OUT.match(name):
                continue
            data = files[name].read_bytes()
            if name.endswith(".html"):
                page = PageHtml(data.decode("utf-8"))
                if is_old_address(page):
                    continue
                data = for_disk(page, name).encode()
            if fnmatch(name, INDEXES):
                _put(target, f"{name}.js", b"window.guideSearchData = " + data + b";\n")
                continue
            _put(target, name, data)
    return made.getvalue()


def _put(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(f"guide/{name}", date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type, entry.external_attr, entry.create_system = (
        zipfile.ZIP_DEFLATED,
        0o644 << 16,
        3,
    )
    target.writestr(entry, data)


def for_disk(page: PageHtml, name: str = "index.html") -> str:
    """The HTML of a finished page whose links lead to files: `../dosing/#kidney` becomes
    `../dosing/index.html#kidney`. Those to files that the copy lacks lead to the site, where its
    address is known. Changes the page; `name` is its path in the site.
    """
    _lead_to_site(page, name)
    for manifest_link in page.every('link[rel="manifest"]'):
        manifest_link.decompose()
    for download in page.every("p.download"):
        download.replace_with(page.new("p", {}, _("This is the downloaded copy.")), move=True)
    for link in page.every(':is(a, area, link:not([rel~="canonical"]))[href]'):
        address = link.attributes["href"] or ""
        if (file := _to_file(address)) != address:
            link.attrs["href"] = file
    secure(page, disk=True)
    return page.write()


# Links that may lead to data.
_TO_DATA = 'a:is([href*="api/"], [href*="published.json"], [href*="references."])'


def _lead_to_site(page: PageHtml, name: str) -> None:
    """Makes whole addresses of links to what a copy leaves out; without one, the words stay."""
    canonical = page.first('link[rel~="canonical"]')
    address = (canonical.attributes["href"] or "") if canonical is not None else ""
    for link in page.every(_TO_DATA):
        to = link.attributes["href"] or ""
        if not _LEFT_OUT.match(posixpath.normpath(posixpath.join(posixpath.dirname(name), to))):
            continue
        if address:
            link.attrs["href"] = urljoin(address, to)
        else:
            del link.attrs["href"]


# Most pages have the links of the navigation: an address comes again and again.
@functools.lru_cache(maxsize=10_000)
def _to_file(address: str) -> str:
    """The address of the file that a link inside the site leads to; any other as it is."""
    parts = urlsplit(address)
    is_inside = parts.path and not (parts.scheme or parts.netloc)
    if is_inside and (parts.path.endswith("/") or parts.path.rsplit("/", 1)[-1] in (".", "..")):
        path = f"{parts.path.rstrip('/') or '.'}/index.html".removeprefix("./")
        return path + (f"#{parts.fragment}" if parts.fragment else "")
    return address
