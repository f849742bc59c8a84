"""The sheets to print, read back from the finished PDF: structure, words, size, and the code a
phone reads.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from bs4 import BeautifulSoup

from conftest import CONTENT_DAY, PUBLIC, ROOT, TODAY, mkdocs
from guide.base.html import PageHtml
from guide.build import prepare
from guide.content.loading import load
from guide.content.wording import shown_date
from guide.outputs import paper, pdf
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


def words(path: Path) -> str:
    """The text of a PDF as a reader's screen reader or search gets it, on one line."""
    pages = pypdfium2.PdfDocument(path)
    return (
        re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in pages))
        .replace("\u00a0", " ")
        .replace("\ufffe", "-")
    )


def test_the_machine_can_make_pdfs():
    assert paper.missing() == ""


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
        # A table that goes on overleaf is tagged on both pages.
        assert (
            len(tables) <= kinds["/Table"] < len(tables) + len(pdf.pages)
            and len(tables) <= kinds["/Caption"] <= kinds["/Table"]
            and tables
        )
        assert kinds["/TH"] >= sum(len(table.select("th")) for table in tables)
        assert kinds["/LI"] >= len(page.select("article .ask li"))
        figures = [node for node in found if node.S == "/Figure"]
        assert len(figures) == 1
        assert all(
            str(node.Alt).startswith("QR code that leads to guide.example.org/") for node in figures
        )
        cells = [node for node in found if node.S == "/TD"]
        heads = {str(node.ID) for node in found if node.S == "/TH" and "/ID" in node}
        for cell in cells:
            attributes = cell.A if isinstance(cell.A, pikepdf.Dictionary) else cell.A[0]
            assert (
                len(attributes.Headers) >= 2 and {str(head) for head in attributes.Headers} <= heads
            ), "each cell names its row's and its column's header"


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
            str(font.BaseFont).split("+")[-1]
            for page in pdf.pages
            for font in page.Resources.Font.values()
        }
    assert fonts and all(font.startswith("Source-Sans-3") for font in fonts), fonts
    assert "SIL Open Font License" in (paper.FONTS / "OFL.txt").read_text()


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


def test_the_same_page_gives_the_same_bytes_in_another_process_zone_and_language(site, tmp_path):
    where = "tofacitinib-as/patients/handout/"
    page = PageHtml((site / where / "index.html").read_text())
    document = paper.printable(page, where, PUBLIC, site)
    assert str(site) not in document
    (tmp_path / "page.html").write_text(document, encoding="utf-8")
    program = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]);"
        " from guide.outputs import paper, pdf;"
        " sys.stdout.buffer.write(pdf.to_pdf(pathlib.Path(sys.argv[2]).read_text('utf-8'),"
        " paper.style_for(paper.PAPERS['handout.pdf'][0]))[0])"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", program, str(ROOT / "scripts"), str(tmp_path / "page.html")],
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
    assert made[0] == made[1] == (site / "tofacitinib-as" / "patients" / "handout.pdf").read_bytes()


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
    """What stands below the heading in the document that a PDF is made from."""
    page = PageHtml(f"<html LANG=cy><article><h1>T &amp; <i>u</i></h1>{article}</article>")
    document = paper.printable(page, "a/b/", address, ROOT)
    assert '<html lang="cy">' in document and "<title>T &amp; u</title>" in document
    return document.partition("</h1>")[2].partition("</body>")[0]


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
        ("<h2>a<a href='#a' class='x headerlink'>#</a></h2>", "<h2>a</h2>"),
        (
            "<p>a <button popovertarget=w class=term>b <b>c</b></button>",
            "<p>a <span>b c</span></p>",
        ),
        (
            "<p>a<sup class='cites'><a href='#x'>1</a>, <a>2</a></sup>",
            '<p>a<sup class="cites">&nbsp;[1, 2]</sup></p>',
        ),
        (
            "<h2>a</h2><p>b</p><h2>c</h2><!-- x --><dl data-print=end></dl>d<h2>e</h2>f",
            "<h2>a</h2><p>b</p><h2>c</h2><!-- x -->",
        ),
        ("<ul><li class='' data-source='s' data-x>a</ul>", '<ul><li id="source-s">a</li></ul>'),
        ("<a id=x href='#x'>a</a>", '<a id="x" href="#x">a</a>'),
        ("<a HREF='../c/?d&amp;e#f'>a</a>", f'<a href="{PUBLIC}a/c/?d&amp;e#f">a</a>'),
    ],
)
def test_the_document_has_what_is_not_for_the_screen_only(before, after):
    assert printed(before) == after


def test_a_sheet_without_an_address_names_what_it_would_link_to():
    assert printed("<a href='../c/'>a</a><a href='https://x.org/'>b</a>", address="") == (
        '<a>a</a><a href="https://x.org/">b</a>'
    )


def test_where_pdfs_cannot_be_made_no_page_links_to_one(site, tmp_path, monkeypatch):
    where = tmp_path / "site" / "t" / "patients" / "handout"
    where.mkdir(parents=True)
    page = (site / "baricitinib-as" / "patients" / "handout" / "index.html").read_text()
    before = re.sub(
        r'<p class="handout-pdf screen-only" data-print="skip">.*?</p>',
        '<p class="handout-pdf screen-only" data-print="skip" hidden></p>',
        page,
    )
    assert before != page
    (where / "index.html").write_text(before)
    monkeypatch.setattr(paper, "LIBRARIES", (*paper.LIBRARIES, "libno-such-thing-1.so.0"))
    made = pdf.write_pdfs(tmp_path / "site", tmp_path / "kept")
    assert (
        made.count == 0
        and made.problems == ()
        and "'apt-get install libpango-1.0-0" in made.left_out
    )
    assert (where / "index.html").read_text() == before and list(tmp_path.rglob("*.pdf")) == []


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
