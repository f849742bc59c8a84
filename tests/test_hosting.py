"""What a host and a stranger look for: headers, `.well-known`, whom to tell of a weakness, packages
that run nothing while they are installed.
"""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest

from conftest import ROOT, mkdocs
from guide.base.problem import ContentErrors
from guide.content.loading import load
from guide.outputs.well_known import SECURITY, expires, security_txt
from guide.publish.kept import has_bytes_in_name
from test_bad_content import mend, said

HOSTING = (ROOT / "HOSTING.md").read_text(encoding="utf-8")
FIELD = """security:
  contact: ["https://guide.example/report", "mailto:safety@guide.example"]
  policy: https://guide.example/security
emergency: """


# -- headers -------------------------------------------------------------------------------------


def block(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", HOSTING, re.S)[1]


def test_every_example_sends_the_headers_that_the_table_explains():
    table = dict(re.findall(r"^\| `([A-Z][A-Za-z-]+)` \| `(.+?)` \|", HOSTING, re.M))
    assert set(table) == {
        "Content-Security-Policy",
        "Permissions-Policy",
        "Referrer-Policy",
        "Strict-Transport-Security",
        "X-Content-Type-Options",
    }
    nginx = dict(re.findall(r'add_header (\S+) "(.+?)" always;', block("nginx")))
    assert nginx == table
    rules = block("text").splitlines()
    assert rules[0] == "/*"
    listed = dict(line.strip().split(": ", 1) for line in rules[1:])
    assert listed == table | {"Cache-Control": "no-cache"}
    asked = re.search(r"grep -iE '(.+)'", HOSTING)[1].split("|")
    for name, value in (table | {"Cache-Control": ""}).items():
        assert any(word in f"{name}: {value}".lower() for word in asked), name


@pytest.mark.parametrize(
    "path, forever",
    [
        ("assets/guide.0123456789.css", True),
        ("assets/pictures/a.b.abcdef0123.png", True),
        ("index.html", False),
        ("sw.js", False),
        ("assets/guide.css", False),
        ("assets/guide.0123456789", False),
        ("assets/guide.0123456789a.css", False),
        ("assets/guide.012345678G.css", False),
        ("a.0123456789.b/index.html", False),
    ],
)
def test_the_example_keeps_for_long_what_a_publication_keeps(path, forever):
    """The pattern for nginx and the one of the publication mean the same files."""
    pattern = re.search(r'"~(\S+)" "public, max-age=31536000, immutable";', block("nginx"))[1]
    assert bool(re.search(pattern, f"/{path}")) == forever == has_bytes_in_name(path)
    # A header "always" would have browsers keep "not found" for as long.
    assert "add_header Cache-Control $guide_cache;" in block("nginx")


# -- .well-known ---------------------------------------------------------------------------------


def fields(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, value = re.fullmatch(r"([A-Za-z-]+): (\S.*)", line).groups()
        found.setdefault(name, []).append(value)
    return found


def test_a_guide_that_names_nobody_has_no_security_txt(tiny):
    assert security_txt(load(tiny), "", tiny) == {}
    assert load(ROOT).site.security is None, "the project has no address of its own to name"


def test_security_txt_says_what_the_guide_says(tiny, monkeypatch):
    mend(tiny, "content/site.yml", "emergency: ", FIELD)
    library = load(tiny)
    monkeypatch.setenv("GUIDE_TODAY", "2026-06-01")
    [(path, data)] = security_txt(library, "https://guide.example/", tiny).items()
    assert path == ".well-known/security.txt"
    assert fields(data.decode()) == {
        "Contact": ["https://guide.example/report", "mailto:safety@guide.example"],
        "Expires": ["2027-05-01T00:00:00Z"],
        "Preferred-Languages": ["en"],
        "Policy": ["https://guide.example/security"],
        "Canonical": ["https://guide.example/.well-known/security.txt"],
    }
    # Bytes follow from the commit; the day of a later check has no part in them.
    for day in ("2026-06-02", "2026-06-30"):
        monkeypatch.setenv("GUIDE_TODAY", day)
        assert security_txt(library, "https://guide.example/", tiny)[SECURITY] == data


def test_the_day_of_expiry_is_less_than_a_year_ahead():
    day = datetime.date(2027, 1, 1)
    while day < datetime.date(2029, 3, 2):
        ahead = expires(day) - day
        assert 300 < ahead.days < 365 and expires(day).day == 1, day
        day += datetime.timedelta(days=1)


@pytest.mark.parametrize(
    "contact", ["safety@guide.example", "http://guide.example", "https://a b", "mailto:"]
)
def test_a_contact_is_an_address_that_programs_understand(tiny, contact):
    mend(
        tiny, "content/site.yml", "emergency: ", f'security:\n  contact: ["{contact}"]\nemergency: '
    )
    with pytest.raises(ContentErrors, match=r"content/site\.yml:\d+: security\.contact"):
        load(tiny)


@pytest.mark.site
def test_well_known_files_are_copied_and_no_build_fails_because_a_day_passed(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
):
    mend(tiny, "content/site.yml", "emergency: ", FIELD)
    for name, text in {
        ".well-known/assetlinks.json": "[]",
        ".well-known/a/b": "c",
        ".hidden/notes.txt": "x",
        ".env": "x",
        "CNAME": "guide.example\n",
        "robots.txt": "User-agent: *\n",
        "_headers": "/*\n",
    }.items():
        path = tiny / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.delenv("GUIDE_TODAY")
    # Seconds of a day in 2001: what is built expired long ago.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, said(done)
    site = tiny / "site"
    assert fields((site / SECURITY).read_text())["Expires"] == ["2002-08-01T00:00:00Z"]
    assert (site / ".well-known/assetlinks.json").read_text() == "[]"
    assert (site / ".well-known/a/b").read_text() == "c"
    assert [path.name for path in site.iterdir() if path.name.startswith(".")] == [".well-known"]
    assert (site / "CNAME").is_file() and (site / "robots.txt").is_file()
    assert (site / "_headers").is_file()
    # A file of the guide's own wins, whatever it says, and one that is deleted goes.
    (tiny / "docs/.well-known/security.txt").write_text("Contact: tel:0\nExpires: 1999\n")
    (tiny / "docs/.well-known/assetlinks.json").unlink()
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 0, said(done)
    assert (site / SECURITY).read_text() == "Contact: tel:0\nExpires: 1999\n"
    assert not (site / ".well-known/assetlinks.json").exists()


# -- whom to tell, and what runs -----------------------------------------------------------------


def test_the_way_to_report_is_private_and_names_no_invented_address():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert '"Report a vulnerability"' in text and "Please open no public issue" in text
    assert "@" not in text and not re.search(r"https?://(?!guide\.example/)", text)
    for path in re.findall(r"`((?:scripts|\.github)/)`", text):
        assert (ROOT / path).is_dir()
    field = re.search(r"```yaml\n# content/site\.yml\n(.+?)```", text, re.S)[1]
    assert re.findall(r"^  (\w+):", field, re.M) == ["contact", "policy"]


def test_no_node_package_runs_a_program_while_it_is_installed():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = {name: package for name, package in lock.items() if name}
    assert len(packages) > 100
    for name, package in packages.items():
        assert not package.get("hasInstallScript"), name
        assert package["integrity"].startswith("sha512-") and "resolved" not in package, name
    installs = [
        line
        for path in sorted((ROOT / "scripts").glob("*"))
        if path.is_file()
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bnpm (ci|install|i)\b", line)
    ]
    assert len(installs) == 1 and "npm ci --ignore-scripts " in installs[0]
