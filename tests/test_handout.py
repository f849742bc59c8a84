"""The sheets to print, read back from the finished PDF: structure, words, size, and the code a
phone reads.
"""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from bs4 import BeautifulSoup
from PIL import Image

from conftest import CONTENT_DAY, PUBLIC, ROOT, TODAY, mkdocs
from guide.base.html import PageHtml
from guide.build import prepare
from guide.content.loading import load
from guide.content.wording import shown_date
from guide.outputs import paper, pdf, typeset
from guide.outputs.sheet import Cell, Sheet, Table
from guide.view import versions
from guide.view.approvals import alternatives_of, approvals_of
from guide.view.handout_parts import records_of
from guide.view.page_context import page_context

pytestmark = pytest.mark.site

TOPICS = ("baricitinib-as", "upadacitinib-as", "tofacitinib-as")
SHEETS = [(topic, track) for topic in TOPICS for track in ("patients", "clinicians")]
POINTS = {"handout.pdf": (595.28, 841.89), "handout-letter.pdf": (612, 792)}


@pytest.fixture(scope="session")
def library():
    return load(ROOT)


def nodes(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure tree."""
    stack = [pdf.Root.StructTreeRoot.K]
    while stack:
        node = stack.pop()
        if isinstance(node, pikepdf.Array):
            stack.extend(node)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield node
            if "/K" in node:
                stack.append(node.K)


def of_table(cell: pikepdf.Dictionary) -> pikepdf.Dictionary:
    """What a cell's tag says of its place in the table."""
    return next(one for one in cell.A if one.O == "/Table")


def scope_of(cell: pikepdf.Dictionary) -> pikepdf.Name:
    return of_table(cell).Scope


def words(path: Path | bytes) -> str:
    """The text of a PDF as a reader's screen reader or search gets it, on one line."""
    pages = pypdfium2.PdfDocument(path)
    return (
        re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in pages))
        .replace("\u00a0", " ")
        .replace("\ufffe", "-")
    )


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux has loaded")
def test_a_pdf_needs_no_library_of_the_system_but_those_of_c(tmp_path):
    """So a build needs no package manager. The packages bring all else along."""
    program = """
import pathlib, re, sys
sys.path.insert(0, sys.argv[1])
import zlib, ssl, lzma, bz2, ctypes  # what Python itself loads
def loaded():
    maps = pathlib.Path("/proc/self/maps").read_text()
    return set(re.findall(r"(/\\S+\\.so[.\\d]*)$", maps, re.M))
from guide.base.html import PageHtml
from guide.outputs import paper, typeset
before = loaded()
page = PageHtml("<html lang=en><article><h1>A sheet</h1><p>Words.</p></article>")
sheet = paper.sheet_of(page, "a/b/handout/", "", pathlib.Path(sys.argv[2]))
typeset.to_pdf(sheet, paper.PAPERS["handout.pdf"], pathlib.Path(sys.argv[2]))
print("\\n".join(loaded() - before))
"""
    done = subprocess.run(
        [sys.executable, "-c", program.replace("\\\\", "\\"), str(ROOT / "scripts"), str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    )
    libraries = done.stdout.split()
    assert any("_typst" in name for name in libraries), libraries
    of_c = re.compile(r"lib(?:c|m|dl|rt|util|pthread|gcc_s|stdc\+\+|z)\.so|lib-dynload/")
    of_packages = str(Path(sys.prefix).resolve())
    assert [
        name
        for name in libraries
        if not of_c.search(name)
        and not name.startswith(of_packages)
        and "/site-packages/" not in name
    ] == []


@pytest.mark.parametrize("topic, track", SHEETS)
@pytest.mark.parametrize("name", POINTS)
def test_a_sheet_is_a_tagged_pdf_of_two_pages(site, topic, track, name):
    path = site / topic / track / name
    with pikepdf.open(path) as pdf:
        assert 1 <= len(pdf.pages) <= 2
        for page in pdf.pages:
            assert [float(side) for side in page.MediaBox][2:] == pytest.approx(
                POINTS[name], abs=0.5
            )
        page = BeautifulSoup(
            (site / topic / track / "handout" / "index.html").read_text(), "html5lib"
        )
        title = page.select_one("article h1").contents[0].strip()
        assert str(pdf.Root.Lang) == "en" and str(pdf.docinfo["/Title"]) == title
        assert (
            pdf.Root.MarkInfo.Marked is True and pdf.Root.ViewerPreferences.DisplayDocTitle is True
        )
        assert (
            b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()
            or b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()
        )
        found = list(nodes(pdf))
        kinds = Counter(str(node.S) for node in found)
        assert kinds["/H1"] == 1 and kinds["/H2"] == len(page.select("article h2[id]")) - 2, (
            "every section but 'dates' and 'sources' is a heading"
        )
        tables = page.select("article table")
        assert tables and kinds["/Table"] == kinds["/Caption"] == len(tables)
        assert kinds["/TH"] == sum(len(table.select("th")) for table in tables)
        assert kinds["/TD"] == sum(len(table.select("td")) for table in tables)
        assert kinds["/P"] >= len(page.select("article .handout > p, article p.handout"))
        assert kinds["/LI"] >= len(page.select("article .ask li"))
        figures = [node for node in found if node.S == "/Figure"]
        assert len(figures) == 1
        assert all(
            str(node.Alt).startswith("QR code that leads to guide.example.org/") for node in figures
        )
        cells = [node for node in found if node.S == "/TD"]
        scopes = {str(node.ID): str(scope_of(node)) for node in found if node.S == "/TH"}
        for cell in cells:
            assert sorted(scopes[str(head)] for head in of_table(cell).Headers) == [
                "/Column",
                "/Row",
            ], "each cell names its row's and its column's header"
        assert set(pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree)) == set(scopes)


@pytest.mark.parametrize("topic, track", SHEETS)
def test_nothing_is_smaller_than_12_points_and_nothing_has_a_colour(site, topic, track):
    for name in POINTS:
        document = pypdfium2.PdfDocument(site / topic / track / name)
        for page in document:
            text = page.get_textpage()
            sizes = Counter()
            for place in range(text.count_chars()):
                if chr(pdfium.FPDFText_GetUnicode(text, place)).strip():
                    matrix = pdfium.FS_MATRIX()
                    assert pdfium.FPDFText_GetMatrix(text, place, matrix)
                    sizes[round(pdfium.FPDFText_GetFontSize(text, place) * abs(matrix.d), 1)] += 1
            assert sizes and min(sizes) >= 12, sizes
            red, green, blue = page.render(scale=1).to_pil().convert("RGB").split()
            assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_only_the_font_that_ships_with_the_project_is_in_a_sheet(site):
    with pikepdf.open(site / "baricitinib-as" / "clinicians" / "handout.pdf") as pdf:
        fonts = {
            str(font.BaseFont).split("+")[-1].removesuffix("-Identity-H")
            for page in pdf.pages
            for font in page.Resources.Font.values()
        }
    assert fonts == {"SourceSans3-Regular", "SourceSans3-Bold"}
    assert "SIL Open Font License" in (typeset.FONTS / "OFL.txt").read_text()


@pytest.mark.parametrize("topic, track", SHEETS)
def test_the_code_on_paper_leads_where_the_print_says(site, library, topic, track):
    """The picture of the page is read as a phone reads it; the printed address, the QR code and the
    content's code are one.
    """
    code = versions.current(library, topic, track).code
    changed = shown_date(max(change.date for change in library.changes))
    for name in POINTS:
        path = site / topic / track / name
        document = pypdfium2.PdfDocument(path)
        read = [
            found.text
            for page in document
            for found in zxingcpp.read_barcodes(page.render(scale=2.5).to_pil())
        ]
        assert read == [f"{PUBLIC}{topic}/check/#{code}"]
        said = words(path)
        assert (
            f"Version {code}, content of {changed}." in said
            and "Next review due 23 May 2027." in said
        )
        assert read[0].removeprefix("https://") in said.replace("/ #", "/#").replace(
            "check/ ", "check/"
        )
    target = BeautifulSoup((site / topic / "check" / "index.html").read_text(), "html5lib").find(
        id=code
    )
    assert target is not None and "This print is current." in target.get_text()


@pytest.mark.parametrize("topic, track", SHEETS)
def test_every_part_of_the_page_is_on_paper(site, topic, track):
    said = words(site / topic / track / "handout.pdf")
    page = BeautifulSoup(
        (site / topic / track / "handout" / "index.html").read_text(), "html5lib"
    ).select_one("article")
    assert "Not clinically reviewed." in said
    for cites in page.select("sup, .headerlink, [hidden]"):
        cites.decompose()
    flat = said.replace(" ", "").replace("-", "")
    missing = []
    for element in page.select(
        ".verdict__answer strong, .handout-lines li, .ask li, table th, .key-sources li,"
        " .review--none strong"
    ):
        for badge in element.select(".badge"):
            badge.decompose()
        # Numbers of sources and line breaks apart, every word of the page stands on paper in its
        # order.
        sentences = [
            part
            for part in re.split(
                r"(?<=[.?:])\s+",
                re.sub(
                    r"\s+",
                    " ",
                    " ".join(
                        part.get_text() if hasattr(part, "get_text") else str(part)
                        for part in element.contents
                        if getattr(part, "name", "") != "ul"
                    ),
                ).strip(),
            )
            if len(part) > 3
        ]
        missing += [
            sentence
            for sentence in sentences
            if sentence.replace("\u00a0", "").replace(" ", "").replace("-", "").rstrip(".")
            not in flat
        ]
    assert missing == []
    for address in ("http:", "file:", "127.0.0.1", "None", "{{"):
        assert address not in said


def test_no_other_medicines_trial_stands_in_the_box_of_a_medicine_without_one(site):
    for track in ("patients", "clinicians"):
        page = BeautifulSoup(
            (site / "baricitinib-as" / track / "handout" / "index.html").read_text(), "html5lib"
        )
        assert page.select(".fact-box") == []
    assert "No finished trial has tested it." in words(
        site / "baricitinib-as" / "patients" / "handout.pdf"
    )


@pytest.mark.parametrize(
    "topic, denominator", [("upadacitinib-as", "100"), ("tofacitinib-as", "1,000")]
)
def test_the_fact_box_has_both_arms_one_denominator_the_time_and_the_people(
    site, library, topic, denominator
):
    page = BeautifulSoup(
        (site / topic / "patients" / "handout" / "index.html").read_text(), "html5lib"
    )
    box = page.select_one(".fact-box")
    caption = box.caption.get_text()
    assert (
        f"out of {denominator}" in caption
        and "in people with ankylosing spondylitis" in caption
        and re.search(r"after \d+ weeks", caption)
    )
    rows = box.select("tbody tr")
    assert {"Hoped for:", "Unwanted:"} == {
        row.select_one(".fact-box__kind").get_text() for row in rows
    }
    for row in rows:
        result = library.records[row["data-record"]]
        cells = [cell.get_text(strip=True) for cell in row.select("td")]
        for cell, arm in zip(cells, (result.arms[0], result.arms[-1]), strict=False):
            share = float(arm.percent) if arm.responders is None else 100 * arm.responders / arm.n
            shown = re.fullmatch(rf"([\d,]+) out of {denominator}", cell)
            assert (
                shown
                and abs(
                    int(shown[1].replace(",", "")) - share * int(denominator.replace(",", "")) / 100
                )
                <= 0.5
            )
        assert re.fullmatch(r"(about )?\d+ (more|fewer)|no difference", cells[2])


def test_the_code_covers_every_fact_that_a_sheet_shows(library):
    built = prepare(ROOT, CONTENT_DAY)
    for topic, track in SHEETS:
        page = next(page for page in built.pages if page.path == f"{topic}/{track}/handout.md")
        view = page_context(library, track, library.topics[topic], "handout", TODAY)
        # The names of the other approved medicines rest on their approvals too, without a number or
        # a mark.
        named = {
            approval.id
            for other in alternatives_of(view)
            for approval in approvals_of(view, other.id)
            if approval.status == "approved"
        }
        assert set(records_of(view)) == set(page.shown) | named, (topic, track)


def test_the_same_page_gives_the_same_bytes_in_another_process_zone_and_language(
    site, library, tmp_path
):
    where = "tofacitinib-as/patients/handout/"
    program = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); site = pathlib.Path(sys.argv[2]);"
        " from guide.base.html import PageHtml; from guide.outputs import paper, typeset;"
        " page = PageHtml((site / sys.argv[3] / 'index.html').read_text('utf-8'));"
        " sheet = paper.sheet_of(page, sys.argv[3], sys.argv[4], site);"
        " sys.stdout.buffer.write(typeset.to_pdf(sheet, paper.PAPERS['handout.pdf'], site)[0])"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", program, str(ROOT / "scripts"), str(site), where, PUBLIC],
            check=True,
            capture_output=True,
            env={
                **os.environ,
                "TZ": zone,
                "LC_ALL": language,
                "HOME": str(tmp_path / zone.replace("/", "-")),
                "PYTHONHASHSEED": seed,
            },
        ).stdout
        for zone, language, seed in (("Asia/Tokyo", "C", "1"), ("America/Lima", "C.UTF-8", "2"))
    ]
    whole = (site / "tofacitinib-as" / "patients" / "handout.pdf").read_bytes()
    assert made[0] == made[1] == whole
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        changed = max(change.date for change in library.changes)
        day = f"D:{changed:%Y%m%d}000000Z"
        assert str(pdf.docinfo["/CreationDate"]) == str(pdf.docinfo["/ModDate"]) == day
        assert str(site) not in pdf.Root.Metadata.read_bytes().decode()


def test_a_sheet_that_is_too_long_stops_the_build(tiny):
    lines = ", ".join(["examplinib-no-trial"] * 90)
    (tiny / "content" / "topics" / "examplinib-ed" / "handout.yml").write_text(
        f"clinicians:\n  evidence: [{lines}]\n", encoding="utf-8"
    )
    (tiny / "content" / "topics" / "examplinib-ed" / "topic.yml").write_text(
        (tiny / "content" / "topics" / "examplinib-ed" / "topic.yml")
        .read_text()
        .replace("2026-12-01", "2026-12-31"),
        encoding="utf-8",
    )
    done = mkdocs(tiny, "build", "--strict")
    assert done.returncode == 1 and not (tiny / "site").exists()
    said = done.stdout + done.stderr
    assert "[handouts-fit-a-sheet]" in said
    for size in ("A4", "US Letter"):
        assert re.search(
            r"content/topics/examplinib-ed/handout\.yml: the handout for clinicians is \d pages"
            rf" long on {size}, at most 2 fit a sheet: choose fewer or shorter lines under"
            r" 'clinicians'",
            said,
        )


def test_a_topic_without_a_handout_file_has_a_whole_sheet(tiny):
    assert not (tiny / "content" / "topics" / "examplinib-ed" / "handout.yml").exists()
    built = prepare(tiny, TODAY)
    page = next(
        page for page in built.pages if page.path == "examplinib-ed/patients/handout.md"
    ).markdown
    for words_of in (
        "Examplinib is not approved for example disease",
        "Chest pain can be a sign of danger",
        "Nobody has tested examplinib in example disease",
        "The answer differs from place to place",
        "Version ",
    ):
        assert words_of in page


def printed(article: str, address: str = PUBLIC) -> str:
    """What stands below the heading of a page where only what is on paper is left."""
    page = PageHtml(f"<html lang=cy><article><h1>T</h1>{article}</article>")
    paper.keep_printed(page, page.article(), f"{address}a/b/" if address else "")
    return (page.article().inner_html or "").partition("</h1>")[2]


@pytest.mark.parametrize(
    "before, after",
    [
        (
            "<P DATA-PRINT='skip'>a</P>b<p title='<p data-print=\"skip\">'>c",
            'b<p title="&lt;p data-print=&quot;skip&quot;&gt;">c</p>',
        ),
        (
            "a<div><form><p>b</p></form>c<SCRIPT>d</SCRIPT><button>e</button>f</div>",
            "a<div>cf</div>",
        ),
        ("<p hidden>a<span hidden>b</span></p><p>c<i class=visually-hidden>d</i>", "<p>c</p>"),
        ("<h2>a<a href='#a' class='x headerlink'>#</a></h2>", "<h2>a</h2>"),
        (
            "<p>a <button popovertarget=w class=term>b <b>c</b></button>",
            "<p>a <span>b c</span></p>",
        ),
        (
            "<p class=verdict__more>a<sup class='cites'><a href='#x'>1</a>, <a>2</a></sup><a>b</a>",
            '<p class="verdict__more">a<sup class="cites">[1, 2]</sup></p>',
        ),
        (
            "<h2>a</h2><p>b</p><h2>c</h2><!-- x --><dl data-print=end></dl>d<h2>e</h2>f",
            "<h2>a</h2><p>b</p><h2>c</h2><!-- x -->",
        ),
        ("<ul><li data-source='s'>a</ul>", '<ul><li data-source="s" id="source-s">a</li></ul>'),
        ("<a id=x href='#x'>a</a>", '<a id="x" href="#x">a</a>'),
        ("<a HREF='../c/?d&amp;e#f'>a</a>", f'<a href="{PUBLIC}a/c/?d&amp;e#f">a</a>'),
    ],
)
def test_on_paper_is_what_is_not_for_the_screen_only(before, after):
    assert printed(before) == after


def test_a_sheet_without_an_address_names_what_it_would_link_to():
    assert printed("<a href='../c/'>a</a><a href='https://x.org/'>b</a>", address="") == (
        '<a>a</a><a href="https://x.org/">b</a>'
    )


def sheet_of(article: str, root: str = "lang=en", site: Path = ROOT) -> Sheet:
    page = PageHtml(f"<html {root}><article><h1>A &amp; <i>b</i></h1>{article}</article>")
    return paper.sheet_of(page, "t/patients/handout/", PUBLIC, site)


def pdf_of(article: str, root: str = "lang=en", site: Path = ROOT) -> bytes:
    made = typeset.to_pdf(sheet_of(article, root, site), paper.PAPERS["handout.pdf"], site)
    return made[0]


def said(article: str, **more: str) -> str:
    """The words of an article as a PDF has them, without the sheet's own heading and foot."""
    return words(pdf_of(article, **more)).removeprefix("A & b ").partition(" Version : ")[0]


@pytest.mark.parametrize(
    "text",
    [
        '#import "@preview/x:1.0.0": *',
        "#panic[x] #sys.inputs #read('sheet.json') #{1 + 1}",
        "$x^2$ and $ y $",
        "*bold* _slanted_ `code` = heading - item + item / term: x",
        "back\\slash \\u{41} \\ and \\#",
        "@ref <label> [content] {block} (group",
        "\"straight\" 'quotes' -- --- ... ~ // no comment /* none */",
        "</p> & &amp; <b>",
        "{page} {pages} {code}",
    ],
)
def test_no_words_are_code_to_the_program_that_sets_them(text):
    everywhere = (
        "<h2>X</h2><p>X</p><ul class=ask><li><span class=tick></span>X</ul><ul><li>X</ul>"
        "<p><b>X</b><sup class=cites>X</sup><a href='https://x.org/?X'>X</a></p>"
        "<table><caption>X</caption><tr><th>X<td>X</table>"
    )
    got = said(everywhere.replace("X", html.escape(text)))
    assert got.replace(" ", "").count(text.replace(" ", "")) == everywhere.count("X") - 1, got


def test_title_and_language_come_from_the_page():
    with pikepdf.open(io.BytesIO(pdf_of("<p>x</p>", root="lang=pt-BR"))) as pdf:
        assert str(pdf.Root.Lang) == "pt-BR" and str(pdf.docinfo["/Title"]) == "A & b"
    with pikepdf.open(io.BytesIO(pdf_of("<p>x</p>", root="lang=de"))) as pdf:
        assert str(pdf.Root.Lang) == "de"


def test_a_sheet_from_right_to_left_is_mirrored():
    """The first column stands at the right, and a frame is thick at the side where lines begin."""
    article = "<div class=verdict><p>one</p></div><table><tr><th>first<td>second</table>"

    def places(data: bytes) -> dict[str, float]:
        page = pypdfium2.PdfDocument(data)[0].get_textpage()
        found = {word: page.search(word) for word in ("first", "second")}
        return {word: page.get_charbox(search.get_next()[0])[0] for word, search in found.items()}

    ordinary, mirrored = places(pdf_of(article)), places(pdf_of(article, root="lang=en dir=rtl"))
    assert ordinary["first"] < ordinary["second"] and mirrored["first"] > mirrored["second"]


def test_headings_leave_out_no_level_and_lists_are_lists():
    article = (
        "<h4>a</h4><ol start=3><li>b<li><p>c</p><ul><li>d</ul></ol><h3>e</h3>"
        "<dl><dt>f<dd>g</dl><details><summary>h</summary>i</details>"
    )
    data = pdf_of(article)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        kinds = Counter(str(node.S) for node in nodes(pdf))
    assert [kinds[f"/H{level}"] for level in range(1, 5)] == [1, 1, 1, 0]
    assert kinds["/L"] == 2 and kinds["/LI"] == 3
    assert said(article) == "a 3. b 4. c • d e f g h i"


def test_links_on_the_sheet_lead_to_their_places_and_others_to_their_addresses():
    article = (
        "<p><a href='#there'>in</a> <a href='../x/'>out</a> <a href='#lost'>lost</a></p>"
        "<p>here<span id=there></span><span id=there></span></p><div id=end></div>"
        "<p><a href='#end'>last</a></p>"
    )
    with pikepdf.open(io.BytesIO(pdf_of(article))) as pdf:
        links = [one for page in pdf.pages for one in page.Annots]
        away = [str(one.A.URI) for one in links if "/A" in one and "/URI" in one.A]
    assert len(links) == 4
    assert away == [f"{PUBLIC}t/patients/x/", f"{PUBLIC}t/patients/handout/#lost"]


def test_a_cell_over_several_rows_names_them_all():
    data = pdf_of(
        "<table><thead><tr><th>a<th>b<th>c</tr></thead><tbody>"
        "<tr><th rowspan=2>r<th>s<td>1</tr><tr><th>t<td>2</tr><tr><th colspan=2>u<td>3</table>"
    )
    with pikepdf.open(io.BytesIO(data)) as pdf:
        heads = {str(node.ID): node for node in nodes(pdf) if node.S == "/TH"}
        cells = [node for node in nodes(pdf) if node.S == "/TD"]
        named = sorted(
            sorted(str(scope_of(heads[str(head)])) for head in of_table(cell).Headers)
            for cell in cells
        )
    assert named == [["/Column", "/Row"], ["/Column", "/Row", "/Row"], ["/Column", "/Row", "/Row"]]


def test_what_a_table_lacks_is_empty_and_nothing_of_it_moves():
    """As in HTML: a short row, a row of nothing, and a cell over more rows than there are."""
    table = sheet_of(
        "<table><thead><tr><th rowspan=9>a<th>b<th>c</thead><tr></tr>"
        "<tr><th>d<td>e</tr><tr><th rowspan=9>f<td colspan=2>g</tr><tr><td>h</table>"
    ).blocks[1]
    assert isinstance(table, Table) and table.columns == 3

    def shown(row: tuple[Cell, ...]) -> list[tuple[str, int, int, int]]:
        return [
            (
                "".join(part.words for block in cell.blocks for part in block.line),
                cell.at,
                cell.columns,
                cell.rows,
            )
            for cell in row
        ]

    assert [shown(row) for row in (*table.head, *table.body)] == [
        [("a", 0, 1, 1), ("b", 1, 1, 1), ("c", 2, 1, 1)],
        [("d", 0, 1, 1), ("e", 1, 1, 1), ("", 2, 1, 1)],
        [("f", 0, 1, 2), ("g", 1, 2, 1)],
        [("h", 1, 1, 1), ("", 2, 1, 1)],
    ]
    article = (
        "<table><thead><tr><th>a<th>b<th>c</thead><tr><th>d<tr><th rowspan=2>f<td>g<tr><td>h"
        "<td>i</table><table><caption>j</caption></table><table></table>"
    )
    data = pdf_of(article)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        kinds = Counter(str(node.S) for node in nodes(pdf))
    assert said(article) == "a b c d f g h i j"
    assert (kinds["/Table"], kinds["/TR"], kinds["/TH"], kinds["/TD"]) == (1, 4, 5, 6)


def test_a_picture_is_drawn_with_its_words(tmp_path):
    chart = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 20'><text y='12'>Ten</text></svg>"
    )
    pillow = Image.new("L", (8, 8), 90)
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "plan.svg").write_text(chart.replace("Ten", "Plan"))
    pillow.save(tmp_path / "t" / "photo.png")
    article = (
        f'<img src="data:image/svg+xml,{quote(chart)}" alt="Ten of twenty">'
        '<p>a<img src="../../plan.svg" alt="A plan">b</p><img src="../../photo.png" alt="A photo">'
        '<img src="../../photo.png" alt=""><p><a href="../"><img src="../../photo.png"'
        ' alt="A photo in a link"></a></p><img alt="nothing">'
    )
    data = pdf_of(article, site=tmp_path)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        figures = [str(node.Alt) for node in nodes(pdf) if node.S == "/Figure"]
        assert sorted(figures) == [
            "A photo",
            "A photo in a link",
            "A plan",
            "Ten of twenty",
        ]
        assert len(pdf.pages[0].Resources.XObject) >= 1
    assert words(data).count("Ten") == 1 and "a Plan b" in words(data)


@pytest.mark.parametrize(
    "article, reason",
    [
        (
            "<p>a \u4e2d b</p><h2>\U0001f600</h2>",
            "has '\u4e2d' (U+4E2D), '\U0001f600' (U+1F600), which the font of the PDFs lacks:"
            " write it with other letters, or choose other lines",
        ),
        (
            "<img src='../../../etc/passwd' alt=x>",
            "shows the picture '../../../etc/passwd', which is no file of the site: put it into"
            " docs/",
        ),
        (
            "<img src='https://x.org/a.png' alt=x>",
            "shows the picture 'https://x.org/a.png', which is no file of the site: put it into"
            " docs/",
        ),
        (
            "<img src='data:image/svg+xml,broken' alt=x>",
            "cannot be a PDF: unknown image format. Change what this names",
        ),
    ],
)
def test_what_no_pdf_can_show_is_said_with_the_remedy(article, reason, tmp_path):
    with pytest.raises(paper.UnprintableError) as caught:
        pdf_of(article, site=tmp_path)
    assert str(caught.value) == reason
    # A whole build says so of every sheet at once, and leaves the pages as they are.
    for track in ("patients", "clinicians"):
        page = tmp_path / "site" / "t" / track / "handout" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(
            f"<html lang=en><article><h1>A</h1><p class=handout-pdf hidden></p>{article}</article>"
        )
    made = pdf.write_pdfs(tmp_path / "site", tmp_path / "kept")
    assert (
        made.count == 0
        and [(one.path, one.rule) for one in made.problems]
        == [("content/topics/t/handout.yml", "handouts-can-be-printed")] * 2
    )
    assert {one.message.removesuffix(reason) for one in made.problems} == {
        "the handout for patients ",
        "the handout for clinicians ",
    }
    assert list(tmp_path.rglob("*.pdf")) == [] and " hidden>" in page.read_text()


def test_a_table_stays_on_one_page_while_there_is_room_and_breaks_where_there_is_none():
    def table(rows: int) -> str:
        row = "<tr><th>row<td>cell</tr>"
        return f"<table class=tick-sheet><thead><tr><th>head<th>column</thead>{row * rows}</table>"

    def pages_of_table(article: str) -> list[int]:
        document = pypdfium2.PdfDocument(pdf_of(article))
        counts = [page.get_textpage().get_text_range().count("cell") for page in document]
        assert sum(counts) == article.count("cell")
        return counts

    assert pages_of_table("<p>x</p>" * 30 + table(20)) == [0, 20], "whole, on the next page"
    first, second = pages_of_table("<p>x</p>" * 30 + table(20) + "<p>y</p>" * 34)
    assert first > 0 and second > 0, "broken, or there would be a third page"
    first, second = pages_of_table(table(70))
    assert first > second > 0, "longer than a page: nothing is cut"


def test_what_leads_to_a_list_a_heading_and_a_caption_stand_on_its_page():
    """However many lines stand above them on a page that holds about 46."""
    row = "<tr><th>following<td>x"
    for lines in range(42, 49):
        for leading, following in (
            ("<p>leading</p>", "<ul><li>following<li>x</ul>"),
            ("<h2>leading</h2>", "<p>following</p>"),
            ("", f"<table><caption>leading</caption>{row}</table>"),
            ("", f"<table><caption>leading</caption>{row}{'<tr><th>y<td>z' * 99}</table>"),
        ):
            document = pypdfium2.PdfDocument(pdf_of("<p>x</p>" * lines + leading + following))
            texts = [page.get_textpage().get_text_range() for page in document]
            assert [("leading" in one) == ("following" in one) for one in texts] == [True] * len(
                texts
            ), (lines, leading)


def test_no_column_is_narrower_than_its_longest_word():
    word = "Arbeitsunfähigkeitsbescheinigung"
    article = (
        f"<table class='fact-box fact-box--handout'><thead><tr><th>a<th>{word}<th>c</thead>"
        f"<tr><th>x<td>y<td>z</table>"
    )
    data = pdf_of(article, root="lang=de")
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    first = page.search(word).get_next()[0]
    left, right = page.get_charbox(first)[0], page.get_charbox(first + len(word) - 1)[2]
    next_column = page.get_charbox(page.search("c", index=first + len(word)).get_next()[0])[0]
    assert word in words(data) and left < right < next_column


def test_a_fork_of_a_process_that_has_made_pdfs_makes_none():
    """It would wait for ever for threads that stayed behind."""
    pdf_of("<p>x</p>")
    assert not typeset.may_fork()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            pdf_of("<p>x</p>")
        except RuntimeError:
            os.write(writer, b"refused")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 10) == b"refused"


def test_a_pdf_is_made_again_when_what_it_shows_changes_and_not_when_the_page_around_it_does(
    site, tmp_path
):
    """And two builds may share the folder: what one has just used the other does not throw away."""
    page = (site / "baricitinib-as" / "patients" / "handout" / "index.html").read_text()
    page = re.sub(
        r'<p class="handout-pdf screen-only" data-print="skip">.*?</p>',
        '<p class="handout-pdf screen-only" data-print="skip" hidden></p>',
        page,
    )
    kept = tmp_path / "kept"

    def made(text: str) -> dict[str, float]:
        folder = tmp_path / "site" / "baricitinib-as" / "patients" / "handout"
        shutil.rmtree(tmp_path / "site", ignore_errors=True)
        folder.mkdir(parents=True)
        for picture in re.findall(r'<img[^>]*\ssrc="([^"]*)"', text):
            (folder / picture).resolve().parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(
                site / "baricitinib-as" / "patients" / "handout" / picture, folder / picture
            )
        (folder / "index.html").write_text(text)
        assert pdf.write_pdfs(tmp_path / "site", kept).count == 2
        return {path.name: path.stat().st_mtime for path in kept.glob("*.pdf")}

    first = made(page)
    around = page.replace("<body", '<body data-other="1"').replace(
        "</nav>", "<p>Another page.</p></nav>", 1
    )
    assert around != page and made(around).keys() == first.keys()
    changed = page.replace("Baricitinib is not approved", "Baricitinib is still not approved")
    second = made(changed)
    assert changed != page and len(second) == 4 and second.keys() > first.keys()
    # Old ones go, but not while another build may be using them.
    for number in range(12):
        (kept / f"{number:032x}-1.pdf").write_bytes(b"%PDF-")
    assert len(made(changed)) == 16
    for path in kept.glob("*.pdf"):
        os.utime(path, (1, 1))
    assert len(made(changed)) == 2 + 4 * 2


def test_the_page_links_to_its_pdfs(page, site):
    page.goto("baricitinib-as/patients/handout/")
    links = page.locator(".handout-pdf a")
    assert links.all_inner_texts() == ["A4", "US Letter"]
    for link in links.all():
        answer = page.request.get(link.evaluate("link => link.href"))
        assert answer.ok and answer.body()[:5] == b"%PDF-"


def test_a_clinician_prints_the_sections_chosen_and_nothing_is_kept(page, tmp_path):
    page.goto("upadacitinib-as/patients/handout/")
    page.wait_for_load_state("networkidle")
    before = page.evaluate(
        "JSON.stringify([Object.entries(localStorage).filter(e => !e[0].includes('__palette')),"
        " document.cookie])"
    )
    asked: list[str] = []
    # The browser asks for the page's own icon when it likes.
    page.on(
        "request",
        lambda request: None if request.url.endswith("/icon.svg") else asked.append(request.url),
    )
    boxes = page.locator(".print-choice input")
    assert page.locator(".print-choice label").all_inner_texts() == [
        "Get help now",
        "What to remember",
        "What it is",
        "Does it work?",
        "What are the serious risks?",
        "My tests",
        "Questions to ask my team",
    ]
    assert all(box.is_checked() for box in boxes.all())

    def printed(name: str) -> tuple[str, int]:
        path = tmp_path / name
        path.write_bytes(page.pdf(format="A4"))
        return words(path), len(pypdfium2.PdfDocument(path))

    everything, count = printed("all.pdf")
    assert (
        count <= 2
        and "Taking upadacitinib results in" in everything
        and "Blood fats" in everything
        and "Sections to print" not in everything
    )
    for box in boxes.all()[1:5] + boxes.all()[6:]:
        box.uncheck()
    tests, count = printed("tests.pdf")
    # Twelve rows, the signs and the code that leads back: more than one page holds, and no third
    # one.
    assert count <= 2
    for gone in (
        "Taking upadacitinib results in",
        "What it is",
        "boxed warning",
        "Do I belong to a group",
    ):
        assert gone not in tests, gone
    for stays in (
        "Upadacitinib is approved for ankylosing spondylitis",
        "Not clinically reviewed",
        "Call your local emergency number",
        "Blood fats",
        "Version ",
        "guide.example.org/upadacitinib-as/check/#",
    ):
        assert stays in tests, stays
    boxes.first.uncheck()
    assert "Swollen lips, tongue or throat, trouble breathing" in printed("no-signs.pdf")[0], (
        "the line of danger signs takes the section's place"
    )
    boxes.nth(3).check()
    assert "Taking upadacitinib results in" in printed("again.pdf")[0]
    assert asked == []
    assert (
        page.evaluate(
            "JSON.stringify([Object.entries(localStorage).filter(e => !e[0].includes('__palette')),"
            " document.cookie])"
        )
        == before
    )


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("topic, track", SHEETS)
def test_the_page_itself_prints_on_two_pages(page, topic, track, paper):
    page.goto(f"{topic}/{track}/handout/")
    assert len(pypdfium2.PdfDocument(page.pdf(format=paper))) <= 2


def test_without_a_script_every_section_prints(browser, address):
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("baricitinib-as/patients/handout/")
    assert page.locator(".print-choice").is_hidden()
    page.emulate_media(media="print")
    assert page.locator("article h2:visible").count() == 8
    assert page.locator("#dates").is_hidden() and page.locator(".md-header").is_hidden()
    context.close()
