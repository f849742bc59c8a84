"""Whatever a person drops into a guide: a problem with its file and its remedy, never a traceback,
never the end of the interpreter, and nothing of what lies outside of the guide.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, TODAY
from guide.base.language import catalogue_of
from guide.base.problem import ContentErrors, Problem
from guide.build import prepare
from guide.commands.main import main
from guide.content.input_files import wrong_inputs, wrong_settings
from guide.content.ledger import read_ledger
from guide.content.loading import load, load_sound
from guide.content.yaml_reader import parse_yaml
from guide.content.yaml_text import MAX_BYTES, MOST_LEVELS
from guide.outputs.permalinks import read_links
from guide.pages.source import read_pages
from guide.upgrade.plan import plan

SECRET = "root:x:0:0:secret words of the machine"
TRIAL, PHRASES = "content/trials/other-trial.yml", "content/phrasings/a-writer.yml"
PAGE, TEMPLATE, PICTURE = "docs/about/own.md", "overrides/own.html", "docs/assets/leak.png"
# One of each kind of input; the others of its kind are read by the same code.
PLACES = [
    "content/site.yml",
    "content/sources.yml",
    TRIAL,
    PHRASES,
    "content/links.json",
    "content/versions.json",
    PAGE,
    TEMPLATE,
    PICTURE,
    "docs/assets/drawing.svg",
    "mkdocs.yml",
]


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """A guide of its own folder: the made-up content, a page, a template, settings."""
    root = tmp_path / "guide"
    shutil.copytree(ROOT / "tests" / "tiny" / "content", root / "content")
    for name in (PAGE, TEMPLATE, PICTURE, PHRASES):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / PAGE).write_text("---\ntitle: Own\n---\n# Own\n")
    shutil.copy(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    (tmp_path / "secret").write_text(SECRET)
    return root


def problems_of(root: Path) -> list[Problem]:
    """What a check says of the files of a guide."""
    try:
        return list(load_sound(root).problems)
    except ContentErrors as errors:
        return errors.problems


def test_the_guide_is_good_as_it_is(guide):
    assert problems_of(guide) == []


# -- what is no plain file -----------------------------------------------------------------------


def link_out(path: Path) -> None:
    path.symlink_to(path.parents[len(path.parts) - 1] / ROOT / "README.md")


def a_socket(path: Path) -> None:
    # The address of a socket is short.
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def a_device(path: Path) -> None:
    try:
        os.mknod(path, 0o20666, os.makedev(1, 5))  # /dev/zero, which never ends
    except PermissionError:
        pytest.skip("only root makes devices")


def full_folder(path: Path) -> None:
    path.mkdir()
    (path / "x.yml").write_text("a: b\n")


LINK = "this is a link, and links are not followed: put the file itself here"
KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link to a file of the machine": (lambda path: path.symlink_to("/etc/hostname"), LINK),
    "a link beside the guide": (
        lambda path: path.symlink_to(os.path.relpath(path.parents[-4] / "secret", path.parent)),
        LINK,
    ),
    "a link to a folder": (lambda path: path.symlink_to("/etc"), LINK),
    "a link to nowhere": (lambda path: path.symlink_to("gone/away"), LINK),
    "a link to itself": (lambda path: path.symlink_to(path.name), LINK),
    "a link to what never ends": (lambda path: path.symlink_to("/dev/zero"), LINK),
    "a pipe": (os.mkfifo, "this is a pipe, not a file: delete it"),
    "a socket": (a_socket, "this is a socket, not a file: delete it"),
    "a device": (a_device, "this is a device, not a file: delete it"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_plain_file_is_named_and_not_opened(guide, kind, place):
    path = guide / place
    path.unlink(missing_ok=True)
    make, message = KINDS[kind]
    make(path)
    assert [str(problem) for problem in problems_of(guide) if problem.path == place] == [
        f"{place}: {message}"
    ]
    assert "secret words" not in str(problems_of(guide))


@pytest.mark.parametrize("place", PLACES[:4])
def test_a_folder_with_the_name_of_a_file_is_named(guide, place):
    (guide / place).unlink(missing_ok=True)
    full_folder(guide / place)
    said = [str(problem) for problem in problems_of(guide)]
    assert f"{place}: this is a folder, and its name is that of a file: rename it" in said


@pytest.mark.parametrize(
    "folder", ["content", "content/trials", "docs", "docs/assets", "overrides"]
)
def test_a_folder_that_is_a_link_is_named_and_not_entered(guide, folder):
    outside = guide.parent / "outside"
    (guide / folder).rename(outside)
    (outside / "secret.md").write_text(SECRET)
    (guide / folder).symlink_to(outside)
    said = problems_of(guide)
    assert f"{folder}: {LINK}" in map(str, said) and "secret" not in str(said)


def test_an_editors_lock_is_no_input(guide):
    (guide / "content/trials/.#other-trial.yml").symlink_to("somebody@machine.12:34")
    (guide / "docs/about/.#own.md").symlink_to("somebody@machine.12:34")
    assert problems_of(guide) == []


# -- names ---------------------------------------------------------------------------------------

NAMES = [
    (b"caf\xe9.yml", "caf\\udce9.yml", "the name is not UTF-8: rename it"),
    (b"a\nb.yml", "a\\nb.yml", "the name holds the invisible character U+000A: rename it"),
    (
        b"a\x1b[2Jb.yml",
        "a\\x1b[2Jb.yml",
        "the name holds the invisible character U+001B: rename it",
    ),
    (
        "a\u202egpj.yml",
        "a\\u202egpj.yml",
        "the name holds the invisible character U+202E: rename it",
    ),
    ("a\u200bb.yml", "a\\u200bb.yml", "the name holds the invisible character U+200B: rename it"),
    ("a:b.yml", "a:b.yml", "the name holds ':', which not every system allows: rename it"),
    ('a"b.yml', 'a"b.yml', "the name holds '\"', which not every system allows: rename it"),
    ("a\\b.yml", "a\\b.yml", "the name holds '\\', which not every system allows: rename it"),
    ("a?.yml", "a?.yml", "the name holds '?', which not every system allows: rename it"),
    (" a.yml", " a.yml", "the name holds ' ', which not every system allows: rename it"),
    ("a.yml.", "a.yml.", "the name holds '.', which not every system allows: rename it"),
    ("a.yml ", "a.yml ", "the name holds ' ', which not every system allows: rename it"),
]


@pytest.mark.parametrize("folder", ["content/trials", "docs/assets"])
@pytest.mark.parametrize("name, shown, message", NAMES, ids=[name[1] for name in NAMES])
def test_a_name_that_some_system_cannot_hold_is_said_as_it_can_be_read(
    guide, folder, name, shown, message
):
    path = os.path.join(os.fsencode(guide / folder), os.fsencode(name))
    with open(path, "wb") as file:
        file.write(b"id: x\n")
    [said] = [str(problem) for problem in problems_of(guide)]
    assert said.startswith(f"{folder}/{shown}: {message}") and said.endswith(": rename it")


@pytest.mark.parametrize(
    "one, other",
    [("other-trial.yml", "Other-trial.yml"), ("caf\u00e9.yml", "cafe\u0301.yml")],
    ids=["case", "accent"],
)
def test_names_that_some_systems_cannot_tell_apart_are_named(guide, one, other):
    for name in (one, other):
        (guide / "content/trials" / name).write_text((guide / TRIAL).read_text())
    first, second = sorted((one, other))
    said = [str(problem) for problem in problems_of(guide)]
    assert (
        f"content/trials/{second}: not every system can tell it from '{first}' beside it: rename"
        " one" in said
    )


# -- bytes ---------------------------------------------------------------------------------------

WORDS = "name: Caf\u00e9 \u201cof\u201d words\n"
BYTES: dict[str, tuple[bytes, str]] = {
    "UTF-16": (WORDS.encode("utf-16"), "the file is UTF-16: save it as UTF-8"),
    "UTF-16, the other way": (
        b"\xfe\xff" + WORDS.encode("utf-16-be"),
        "the file is UTF-16: save it as UTF-8",
    ),
    "UTF-16 without a mark": (
        WORDS.encode("utf-16-le"),
        "the file is UTF-16: save it as UTF-8",
    ),
    "UTF-32": (WORDS.encode("utf-32"), "the file is UTF-32: save it as UTF-8"),
    "Latin-1": (
        "name: x\nword: Caf\u00e9 of words\n".encode("latin-1"),
        ":2: byte 17 (E9) is not UTF-8, but would be '\u00e9' in Latin-1: save the file as UTF-8",
    ),
    "Windows-1252": (
        WORDS.encode("cp1252"),
        ":1: byte 9 (E9) is not UTF-8, but would be '\u00e9' in Windows-1252: save the file as"
        " UTF-8",
    ),
    "a letter cut in two": (
        WORDS.encode()[:10],
        ":1: the file ends inside a letter, as if it were cut: save it again as UTF-8",
    ),
    "half of a letter": (
        b"a: b\nc: \xed\xa0\x80\n",
        ":2: half of a letter (a surrogate) stands in this line: type the letter anew",
    ),
    "a NUL": (b"a: b\nc: \0d\n", ":2: the text holds the invisible character U+0000: delete it"),
    "a mark of byte order": (
        b"\xef\xbb\xbfa: b\n",
        ":1: the file begins with a byte order mark (U+FEFF), which nobody sees: save it as 'UTF-8'"
        " without 'BOM' or 'signature'",
    ),
    "an escape sequence": (
        b"a: \x1b[31mred\n",
        ":1: the text holds the invisible character U+001B: delete it",
    ),
    "an archive": (
        b"PK\x03\x04" + bytes(range(256)),
        "the file is a ZIP archive or an office document, not text: put the text itself here",
    ),
    "gzip": (b"\x1f\x8b\x08", "the file is a gzip archive, not text: put the text itself here"),
    "a PDF": (b"%PDF-1.7\n", "the file is a PDF, not text: put the text itself here"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "the file is a PNG picture, not text: put the text itself"),
    "a database": (b"SQLite format 3\0", "the file is a database, not text: put the text itself"),
}
TEXTS = [place for place in PLACES if not place.endswith((".png", ".json"))]


@pytest.mark.parametrize("place", TEXTS)
@pytest.mark.parametrize("kind", BYTES)
def test_an_encoding_is_named_with_its_line(guide, kind, place):
    data, message = BYTES[kind]
    (guide / place).parent.mkdir(exist_ok=True)
    (guide / place).write_bytes(data)
    [said] = [str(problem) for problem in problems_of(guide) if problem.path == place]
    assert said.startswith(f"{place}{'' if message.startswith(':') else ': '}{message}"), said


DEEP: dict[str, bytes] = {
    "800 levels of blocks": b"".join(b" " * level + b"a:\n" for level in range(800)),
    "one level too many": b"[" * (MOST_LEVELS + 1) + b"]" * (MOST_LEVELS + 1),
    "1,000 brackets, closed": b"a: " + b"[" * 1000 + b"]" * 1000 + b"\n",
    "1,000 brackets": b"[" * 1000,
    "100,000 brackets": b"[" * 100_000,
    "100,000 brackets, closed": b"[" * 100_000 + b"]" * 100_000,
    "100,000 dashes": b"- " * 100_000,
    "100,000 keys that are lists": b"? " * 100_000,
    "400 kB of braces": b"{" * MAX_BYTES,
    "braces and brackets": b"{a: [" * 50_000,
    "brackets behind an open quote": b'a: "x\nb: ' + b"[" * 100_000,
    "brackets behind another mistake": b"a: [b\nc: d: e\nf: " + b"[" * 100_000,
}


@pytest.mark.parametrize("place", ["content/site.yml", TRIAL, PHRASES, "mkdocs.yml"])
@pytest.mark.parametrize("kind", DEEP)
def test_depth_ends_no_interpreter(guide, kind, place):
    (guide / place).write_bytes(DEEP[kind])
    found = [problem for problem in problems_of(guide) if problem.path == place]
    assert found and all(problem.line for problem in found)
    if "mistake" not in kind and "quote" not in kind:
        assert f"more than {MOST_LEVELS} lists or entries stand inside each other" in str(found[0])


def test_as_deep_as_allowed_is_read():
    value, _, problems = parse_yaml(b"[" * MOST_LEVELS + b"x" + b"]" * MOST_LEVELS, "x.yml")
    assert problems == [] and json.dumps(value) == "[" * MOST_LEVELS + '"x"' + "]" * MOST_LEVELS


@pytest.mark.parametrize(
    "place, most", [(TRIAL, f"at most {MAX_BYTES:,} are read"), (PAGE, "at most 400,000 are read")]
)
def test_two_megabytes_are_refused_before_they_are_parsed(guide, place, most):
    (guide / place).write_bytes(b"# " + b"x" * 2_000_000)
    [said] = [str(problem) for problem in problems_of(guide)]
    assert said.startswith(place) and "the " in said and "2,000,002 bytes" in said and most in said


def test_a_file_larger_than_memory_is_refused_unread(guide):
    with (guide / PICTURE).open("wb") as file:
        file.truncate(1 << 40)
    assert [str(problem) for problem in problems_of(guide)] == [
        f"{PICTURE}: the file is {1 << 40:,} bytes, at most 50,000,000 are published"
    ]
    (guide / PICTURE).unlink()
    with (guide / TRIAL).open("wb") as file:
        file.truncate(1 << 40)
    assert any(problem.path == TRIAL for problem in problems_of(guide))


@pytest.mark.parametrize(
    "name, data, message",
    [
        ("a.png", b"\xff\xd8\xff\xe0", "this is no PNG picture: save it as one, or name it"),
        ("a.png", b"", "this is no PNG picture"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", "this is no JPEG picture"),
        ("a.gif", b"<svg/>", "this is no GIF picture"),
        ("a.webp", b"GIF89a", "this is no WebP picture"),
        ("a.svg", b"<svg>\n<g>\n</svg>", "this is no SVG picture: mismatched tag; save it anew"),
        ("a.svg", b"", "this is no SVG picture: no element found"),
        (
            "a.svg",
            b'<!DOCTYPE svg [<!ENTITY a "'
            + b"x" * 9000
            + b'">'
            + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 30) for n in range(8))
            + b"]>\n<svg>&i;</svg>",
            "this is no SVG picture: limit on input amplification factor",
        ),
    ],
)
def test_a_picture_is_what_its_name_says(guide, name, data, message):
    (guide / "docs/assets" / name).write_bytes(data)
    [said] = [str(problem) for problem in problems_of(guide)]
    assert said.startswith(f"docs/assets/{name}") and message in said, said


# -- single values and keys ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, message",
    [
        ("a: !!python/object/apply:os.system [ls]", "!!python/object/apply:os.system"),
        ("a: !!python/object:os.x {b: c}", "!!python/object:os.x"),
        ("a: !!python/tuple [b]", "!!python/tuple"),
        ("a: !!set {b}", "!!set"),
        ("!!omap\n- a: b", "!!omap"),
        ("a: !own [b]", "!own"),
        ("a:\n  - !own\n    b: c", "!own"),
        ("a: !!python/name:os.system x", "!!python/name:os.system"),
        ("a: !!binary aGk=", "!!binary"),
    ],
)
def test_a_tag_is_refused_wherever_it_stands(text, message):
    value, _, problems = parse_yaml(f"{text}\n".encode(), "x.yml")
    assert value is None and f"the tag {message} is not known here" in str(problems[0])


@pytest.mark.parametrize(
    "sign", "\u061c\u200e\u200f\u202a\u202d\u202e\u2066\u2067\u2069\u200d\u2800"
)
@pytest.mark.parametrize(
    "key", ["a%sb: c", '"a%sb": c', "- {a%sb: c}", "x: {a%sb: [c]}", "? a%sb\n: c"]
)
def test_a_key_that_hides_or_turns_letters_is_refused_and_not_repeated(key, sign):
    _, _, problems = parse_yaml((key % sign).encode(), "x.yml")
    [said] = map(str, problems)
    assert f"U+{ord(sign):04X}" in said and sign not in said and "type it anew" in said


@pytest.mark.parametrize("number", ["9" * 16, "-" + "1" * 3000, "0." + "3" * 30])
def test_a_number_that_no_quantity_has_is_refused(number):
    _, _, problems = parse_yaml(f"a: {number}\n".encode(), "x.yml")
    assert "digits, and a quantity has at most 15: if it is text, put it in quotes" in str(problems)
    assert parse_yaml(f'a: "{number}"\n'.encode(), "x.yml")[2] == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1499-12-31", "2500-01-01"])
def test_a_year_that_nobody_means_is_refused(day):
    _, _, problems = parse_yaml(f"a: {day}\n".encode(), "x.yml")
    assert "is out of the years 1500 to 2499" in str(problems)


# -- other readers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"a": 1}', b"[" * 100_000, b'{"a/": {"ids": 3}}', b"\xff\xfe{", b"null"],
)
@pytest.mark.parametrize("name", ["links.json", "ledger.json", "versions.json"])
def test_what_the_publication_wrote_and_somebody_spoilt_is_named(guide, name, data):
    (guide / "content" / name).write_bytes(data)
    read = {"links.json": read_links, "ledger.json": read_ledger, "versions.json": load}[name]
    with pytest.raises(ContentErrors) as caught:
        read(guide)
    [said] = map(str, caught.value.problems)
    assert said.startswith(f"content/{name}: ") and said.endswith(
        f"the publication writes this file, take it back as it was (git checkout content/{name})"
    )


@pytest.mark.parametrize(
    "matter, message",
    [
        ("title: [" + "[" * 100_000, "more than 40 lists or entries stand inside each other"),
        ("title: a: b", "mapping values are not allowed"),
        ("title: x\nmodified: 2026-13-01", "month must be in 1..12"),
        ("title: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("title: &a [*a]", "has no 'title'"),
        ("[]", "has no 'title'"),
    ],
)
def test_front_matter_that_cannot_be_read_is_named(guide, matter, message):
    (guide / PAGE).write_text(f"---\n{matter}\n---\n# Own\n")
    with pytest.raises(ContentErrors) as caught:
        read_pages(guide)
    [said] = map(str, caught.value.problems)
    assert said.startswith(f"{PAGE}:2: ") and message in said, said


@pytest.mark.parametrize("kind", [*BYTES, "no catalogue"])
def test_a_catalogue_that_cannot_be_read_is_named(tmp_path, kind):
    path = tmp_path / "messages.po"
    path.write_bytes(BYTES[kind][0] if kind in BYTES else b"hello\n")
    with pytest.raises(ContentErrors) as caught:
        catalogue_of(path)
    [said] = map(str, caught.value.problems)
    assert "messages.po" in said and len(said) < 300
    path.unlink()
    path.write_text('msgid ""\nmsgstr ""\n\nmsgid "a"\nmsgstr "b"\n')
    assert catalogue_of(path).gettext("a") == "b"


def test_the_first_thing_said_of_a_guide_is_said_by_every_reader_of_it(guide, monkeypatch, capsys):
    """Check, upgrade, new topic, export and build read a guide by ways of their own."""
    (guide / "content/trials/x.yml").symlink_to(guide.parent / "secret")
    (guide / "docs/assets/leak.png").symlink_to(guide.parent / "secret")
    monkeypatch.chdir(guide)
    before = sorted(guide.rglob("*"))
    for verb in (
        ["check"],
        ["due"],
        ["upgrade", "--dry-run"],
        ["new-topic", "Madeupumab", "fourth disease"],
        ["draft-changes"],
        ["export", str(guide.parent / "exported")],
    ):
        assert main(verb) == 1, verb
        said = capsys.readouterr().err
        assert f"content/trials/x.yml: {LINK}" in said and "secret words" not in said, verb
    assert not (guide.parent / "exported").exists()
    (guide / "mkdocs.yml").write_bytes(b"[" * 100_000)
    for verb in (["build"], ["serve", "0x"], ["serve"]):
        assert main(verb) in (1, 2)
        assert "Traceback" not in capsys.readouterr().err
    with pytest.raises(ContentErrors, match="this is a link"):
        plan(guide, TODAY)
    with pytest.raises(ContentErrors, match="this is a link"):
        prepare(guide, TODAY)
    assert [path for path in sorted(guide.rglob("*")) if "build" not in path.parts] == before
    assert wrong_settings(guide) and wrong_inputs(guide)


# -- rights --------------------------------------------------------------------------------------


def unprivileged() -> list[str]:
    """What to put before a command so that the rights of files count, also for root."""
    if os.geteuid():
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root needs setpriv (util-linux) to give up its privileges")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


def test_files_and_folders_that_may_not_be_read_are_all_named(guide):
    shut = ["content/sources.yml", TRIAL, "mkdocs.yml", PAGE, "content/topics"]
    for name in shut:
        (guide / name).chmod(0)
    try:
        done = subprocess.run(
            [*unprivileged(), sys.executable, "-m", "guide", "check"],
            cwd=guide,
            env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")},
            text=True,
            capture_output=True,
            check=False,
        )
    finally:
        for name in shut:
            (guide / name).chmod(0o755)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    for name in shut[:4]:
        assert f"{name}: the file may not be read: chmod u+r it" in done.stderr
    assert "content/topics: the folder may not be opened: chmod u+rwx it" in done.stderr
