"""A lean site: what a reader fetches, what a publication holds, and how long a browser may keep it.

The limits are what was reached, with a little room. Whoever makes the site smaller lowers them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tinycss2
from bs4 import BeautifulSoup
from mkdocs.config import load_config

import theme_style
from conftest import ROOT
from guide.base.html import without_empty_lines
from guide.mkdocs_plugin.html_blocks import HTML_BLOCKS
from guide.mkdocs_plugin.theme_files import whole_theme
from guide.outputs import asset_names
from guide.outputs.assets import STYLE, THEME, as_sent, theme_sheets

# The files of the site, its bytes, and the bytes of the heaviest first view, compressed: the page
# with all that it loads by itself.
FILES, BYTES, FIRST_VIEW = 450, 25_000_000, 50_400
# The bytes of the heaviest frame: a page without its text and its data for search engines.
FRAME = 7_800
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


# -- what the site holds ---------------------------------------------------------------------


def pages_of(site: Path) -> Iterator[tuple[Path, BeautifulSoup]]:
    for path in sorted(site.rglob("*.html")):
        yield path, BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def loaded_by(path: Path, page: BeautifulSoup) -> set[Path]:
    """What a browser fetches to show a page."""
    found = [
        *(link["href"] for link in page.select('link[rel~="stylesheet"], link[rel~="icon"]')),
        *(node["src"] for node in page.select("script[src], img[src]")),
    ]
    return {(path.parent / address).resolve() for address in found if ":" not in address}


@pytest.mark.site
def test_the_site_has_few_files_and_bytes(site):
    sizes = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
    assert len(sizes) <= FILES and sum(sizes) <= BYTES, (len(sizes), sum(sizes))
    assert not list(site.rglob("*.map")) and not (site / "assets/javascripts").exists()
    pictures = {path.name for path in site.glob("assets/pictures/*")}
    assert pictures == {"link-preview.png"}


@pytest.mark.site
def test_the_heaviest_first_view_is_small(site):
    sizes: dict[Path, int] = {}
    heaviest = (0, "")
    for path, page in pages_of(site):
        if path.name == "404.html":
            continue
        files = {path, *loaded_by(path, page)}
        for file in files - sizes.keys():
            sizes[file] = compressed(file)
        heaviest = max(heaviest, (sum(sizes[file] for file in files), str(path)))
    assert 0 < heaviest[0] <= FIRST_VIEW, heaviest


@pytest.mark.site
def test_no_hard_word_stands_in_a_form(site):
    """Its button says no type: in a form it would send the form and explain nothing."""
    found = [str(path) for path, page in pages_of(site) if page.select("form button.term")]
    assert found == []


@pytest.mark.site
def test_the_frame_of_a_page_is_small(site):
    """What stands around the text: each of its bytes is paid for on every page."""
    heaviest, seen = (0, ""), 0
    for path, page in pages_of(site):
        if page.article is None or path.name == "404.html":
            continue
        seen += 1
        assert not page.select("header svg, nav svg"), path
        assert len(page.select("nav.menu")) == 1 >= len(page.select(".contents")), path
        page.article.decompose()
        page.select_one('script[type="application/ld+json"]').decompose()
        heaviest = max(heaviest, (len(str(page).encode()), str(path)))
    assert seen > 200 and 0 < heaviest[0] <= FRAME, heaviest


@pytest.mark.site
def test_pages_load_one_style_sheet_and_files_named_by_their_bytes(site):
    for path, page in pages_of(site):
        if path.name == "404.html" or page.select('meta[name="guide-old-address"]'):
            continue
        assert len(page.select('link[rel~="stylesheet"]')) == 1, path
        # A printed code is the name of its picture, for good.
        for file in (file for file in loaded_by(path, page) if file.parent.name != "qr"):
            assert asset_names.DIGEST.fullmatch(file.name), (path, file)
    named = list(asset_names.assets_in(site).values())
    assert len(named) >= 10
    for name in named:
        digest = hashlib.sha256((site / name).read_bytes()).hexdigest()
        assert f".{digest[:10]}." in name


@pytest.mark.site
def test_no_page_has_a_class_whose_style_was_left_out(site):
    # One or two letters stand for kinds of code, and only inside of marked code.
    left_out = {name for name in classes_of(*theme_sheets()) - classes_of(THEME) if len(name) > 2}
    assert len(left_out) > 200
    for path, page in pages_of(site):
        used = {name for node in page.select("[class]") for name in node["class"]}
        assert used & left_out == set(), path


# -- the style -------------------------------------------------------------------------------


def classes_of(*sheets: Path) -> set[str]:
    return {name for path in sheets for name in CLASS.findall(path.read_text(encoding="utf-8"))}


def test_the_themes_style_is_what_the_guide_uses_of_it():
    assert THEME.read_text(encoding="utf-8") == theme_style.style(), (
        "write it anew: .venv/bin/python scripts/theme_style.py"
    )
    # States that only a script or a reader makes are among it.
    kept = THEME.read_text(encoding="utf-8")
    for state in (
        "md-search-result__item",
        "[data-md-toggle=search]:checked",
        "[data-md-toggle=drawer]:checked",
        "[data-md-color-scheme=slate]",
        "@media print",
        "[dir=rtl]",
        ":focus",
        "details[open]",
    ):
        assert state in kept, state


@pytest.mark.parametrize(
    "selector, is_kept",
    [
        (".md-header", True),
        (".md-header:not(.nobody-has-this)", True),
        (".md-header .nobody-has-this", False),
        ("#nobody-has-this", False),
        ("[data-md-toggle=search]:checked ~ .md-header", True),
        ("[data-md-color-primary=red]", False),
        ("[data-md-color-primary=custom]", True),
        (".md-typeset kbd", True),
        ("[dir=rtl] .md-typeset .note", False),
        (".md-typeset th[role=columnheader]", False),
        (".md-search-result [role=presentation]", True),
    ],
)
def test_a_rule_stays_when_a_page_can_match_it(selector, is_kept):
    words = theme_style.vocabulary()
    [rule] = tinycss2.parse_stylesheet(f"{selector}{{color:red}}")
    assert bool(list(theme_style.kept([rule], words))) == is_kept


@pytest.mark.parametrize(
    "rules, become",
    [
        (
            [
                "[dir=ltr] .a,[dir=ltr] .b{left:0;margin-right:1em}",
                "[dir=rtl] .a,[dir=rtl] .b{right:0;margin-left:1em}",
            ],
            ["[dir] .a,[dir] .b{inset-inline-start:0;margin-inline-end:1em}"],
        ),
        (
            [
                "[dir=ltr] .a{border-left:1px solid red;border-top-left-radius:1px}",
                "[dir=rtl] .a{border-top-right-radius:1px;border-right:1px solid red}",
            ],
            ["[dir] .a{border-inline-start:1px solid red;border-start-start-radius:1px}"],
        ),
        # No mirror images: another value, another selector, and what names no side.
        *(
            [[one, other]] * 2
            for one, other in (
                ("[dir=ltr] .a{left:0}", "[dir=rtl] .a{right:1px}"),
                ("[dir=ltr] .a{left:0}", "[dir=rtl] .b{right:0}"),
                ("[dir=ltr] .a{left:0}", "[dir=rtl] .a{left:0}"),
                ("[dir=ltr] .a{float:left}", "[dir=rtl] .a{float:right}"),
                ("[dir=ltr] .a{left:0}", "[dir=rtl] .a{right:0;transform:scaleX(-1)}"),
                ("[dir=ltr] .a,[dir=rtl] .b{left:0}", "[dir=rtl] .a,[dir=ltr] .b{right:0}"),
            )
        ),
    ],
)
def test_a_rule_and_its_mirror_image_become_one(rules, become):
    assert list(theme_style.mirrored(rules)) == become


def test_values_and_animations_that_nothing_asks_for_go():
    sheet = (
        ":root{--a:1;--b:var(--c);--c:2;--d:3}\n.x{color:var(--a)}\n"
        "@keyframes used{0%{top:0}}\n@keyframes unused{0%{top:0}}\n.y{animation:used 1s}\n"
        "@media print{.z{--e:4}}\n"
    )
    assert theme_style.without_unused_values(sheet, "var(--d)") == (
        ":root{--a:1;--d:3}\n.x{color:var(--a)}\n"
        "@keyframes used{0%{top:0}}\n.y{animation:used 1s}\n"
    )


def read_style(content: bytes) -> list[str]:
    """The rules of a sheet as a browser reads them: without comments, one space for any."""
    rules = tinycss2.parse_stylesheet(content.decode(), skip_comments=True, skip_whitespace=True)
    assert not [rule for rule in rules if rule.type == "error"]
    text = "".join(rule.serialize() for rule in rules)
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.S)).split("}")


@pytest.mark.parametrize("theme", [(THEME,), theme_sheets()], ids=["part", "whole"])
def test_a_sheet_is_sent_with_the_rules_it_is_written_with(theme):
    sheets = [*theme, *sorted((ROOT / "docs/assets/css").glob("*.css"))]
    whole = b"\n".join(path.read_bytes() for path in sheets)
    sent = as_sent(STYLE, whole)
    spaceless = [[re.sub(r"\s", "", part) for part in read_style(one)] for one in (whole, sent)]
    assert spaceless[0] == spaceless[1]
    assert len(sent) < len(whole) - 5000
    assert (b"Copyright Martin Donath" in sent) == (THEME in theme)


# A template literal: what stands between two backquotes, outside of comments.
TEMPLATE = re.compile(r"`[^`]*`")


def test_space_at_the_start_of_a_scripts_line_says_nothing():
    """It is not sent. In a template literal that goes over lines, each begins with a tag."""
    over_lines = 0
    for path in sorted((ROOT / "docs/assets").rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        if path.parent.name == "vendor":
            continue
        code = as_sent("assets/x.js", text.encode()).decode()
        assert not re.search(r"(?m)^\s", code), path
        for literal in TEMPLATE.findall(code):
            _, *others = literal.splitlines()
            over_lines += bool(others)
            for line in others:
                assert line.startswith(("<", "`")), (path, line)
    assert over_lines


@pytest.mark.parametrize(
    "change, is_whole",
    [
        ({}, False),
        ({"markdown_extensions": ["admonition"]}, True),
        ({"features": ["navigation.tabs"]}, False),
        ({"palette": [{"scheme": "default", "primary": "teal", "accent": "custom"}]}, True),
        ({"page": "[Go on](x.md){ .md-button }"}, True),
        ({"page": "A sentence about admonitions. {{ call('md-button') }}"}, False),
        ({"page": '<p class="a md-button">x</p>'}, True),
        ({"template": "partials/footer.html"}, True),
        ({"template": "macros/verdict.html"}, False),
    ],
)
def test_a_guide_that_may_use_more_gets_the_whole_style(tmp_path, change, is_whole):
    """A guide made with the installed engine may have settings, pages and templates of its own."""
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/own.md").write_text(change.get("page", "# Own"), encoding="utf-8")
    if "template" in change:
        template = tmp_path / "overrides" / change["template"]
        template.parent.mkdir(parents=True)
        template.write_text("x", encoding="utf-8")
    config = load_config(str(ROOT / "mkdocs.yml"))
    config.markdown_extensions = [
        *config.markdown_extensions,
        HTML_BLOCKS,
        *change.get("markdown_extensions", []),
    ]
    for name in {"features", "palette"} & change.keys():
        config.theme[name] = change[name]
    assert whole_theme(config, tmp_path) == (theme_sheets() if is_whole else ())


# -- names with a digest ---------------------------------------------------------------------


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]


def test_each_asset_is_named_by_its_bytes_and_known_to_who_asks_for_it():
    files = {
        "assets/guide.css": b"a{}",
        "assets/guide.js": b"guide",
        "assets/share.js": b"share",
        "assets/search.js": b"search",
        "assets/search/patients.json": b"{}",
        "assets/search/patients/pain.json": b"[]",
        "assets/icons/icon.svg": b"<svg/>",
        "assets/pictures/link-preview.png": b"png",
        "manifest.webmanifest": json.dumps({"icons": [{"src": "assets/icons/icon.svg"}]}).encode(),
        "feed.xml": b"<feed/>",
    }
    made = asset_names.with_digests(files)
    names = asset_names.by_plain_name(made)
    share = f"share.{digest(b'share')}.js"
    assert made[f"assets/{share}"] == b"share"
    assert made[names["assets/guide.js"]].decode() == (
        f'Object.assign((self.guideFiles ??= {{}}), {{"share.js":"{share}"}});\nguide'
    )
    told = made["assets/search.js"].decode()
    for part, data in (("patients", b"{}"), ("patients/pain", b"[]")):
        assert f'"search/{part}.json":"search/{part}.{digest(data)}.json"' in told
    icon = f"assets/icons/icon.{digest(b'<svg/>')}.svg"
    assert json.loads(made["manifest.webmanifest"])["icons"] == [{"src": icon}]
    # Others ask for these by name.
    assert {"feed.xml", "assets/pictures/link-preview.png", "manifest.webmanifest"} <= made.keys()
    assert len(made) == len(files)


def test_another_fact_in_the_index_changes_no_page():
    """The script of all pages does not know the index: its name would change in every page."""
    files = {"assets/guide.js": b"x", "assets/search.js": b"y", "assets/search/patients.json": b"1"}
    one = asset_names.with_digests(files)
    other = asset_names.with_digests(files | {"assets/search/patients.json": b"2"})
    assert {name for name in one if "guide" in name} == {name for name in other if "guide" in name}
    assert one["assets/search.js"] != other["assets/search.js"]


def test_what_the_scripts_ask_for_is_there_under_its_plain_name():
    """Every file that a script fetches has a digest, or keeps its name for a reason."""
    scripts = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "docs/assets").rglob("*.js")
    )
    asked = set(re.findall(r'loadScript\("([^"]+)"', scripts))
    assert asked == {"share.js", "lean-qr.js", "search.js"}
    for name in asked:
        assert (ROOT / "docs/assets" / name).is_file() or name == "search.js"


# -- lines -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before, after",
    [
        ("<p>a\n\n  b</p>  \n\n\t<p>", "<p>a\nb</p>\n<p>"),
        ("<pre>\n a\n\n b</pre>\n\n <p>", "<pre>\n a\n\n b</pre>\n<p>"),
        ("<script>a\n\n  b</script>\n\n", "<script>a\n\n  b</script>\n"),
        ("<TEXTAREA>\n\n x</TEXTAREA>\n\n", "<TEXTAREA>\n\n x</TEXTAREA>\n"),
        ("a\u00a0\n\u00a0b  c", "a\u00a0\n\u00a0b  c"),
        ("<ul>\n<li>a\n</li>\n</ul>\n<p>b\n</p>", "<ul>\n<li>a</li></ul>\n<p>b\n</p>"),
        ("<a>a</a>\n</span> <td>b</td>\n</tr>", "<a>a</a>\n</span> <td>b</td></tr>"),
        ("<preface>\n\n</preface>", "<preface>\n</preface>"),
    ],
)
def test_empty_lines_go_where_they_mean_nothing(before, after):
    assert without_empty_lines(before) == after
