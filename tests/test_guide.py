"""The finished guide, read as a reader's browser gets it, by a parser that is not ours."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from bs4 import NavigableString

from conftest import ROOT
from guide.content import models as m
from guide.content.loading import load

PAGES = (
    "",
    "approval",
    "mechanism",
    "trials",
    "safety",
    "dosing",
    "monitoring",
    "pregnancy",
    "access",
    "guidelines",
    "future",
    "questions",
)
CONDITION_PAGES = (
    "",
    "options",
    "condition",
    "approvals",
    "trials",
    "guidelines",
    "access",
    "other-medicines",
    "questions",
)
DISEASE = "ankylosing-spondylitis"


@pytest.fixture(scope="session")
def library():
    return load(ROOT)


def topic_pages(soups, topic="baricitinib-as"):
    """The pages below a topic or a condition; what only leads on from an old address is none."""
    return {
        url: soup
        for url, soup in soups.items()
        if url.startswith(f"{topic}/")
        and url.count("/") > 1
        and not soup.select("meta[name=guide-old-address]")
    }


def words(element) -> str:
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def test_both_tracks_have_every_section_of_the_guide(soups, library):
    owners = {**dict.fromkeys(library.topics, PAGES), DISEASE: CONDITION_PAGES}
    for owner, names in owners.items():
        for track in ("patients", "clinicians"):
            for name in names:
                url = f"{owner}/{track}/{name}/" if name else f"{owner}/{track}/"
                article = soups[url].article
                assert len(words(article)) > 600, f"{url} is nearly empty"
                for heading in article.find_all(["h2", "h3"]):
                    assert len(below(heading)) > 40, f"{url}: nothing under '{words(heading)}'"


def below(heading) -> str:
    """The words that stand under a heading, whatever it is the heading of."""
    holder = next(
        (parent for parent in heading.parents if parent.name in ("details", "tbody", "section")),
        None,
    )
    if holder is not None:
        return words(holder).removeprefix(words(heading)).strip()
    under = []
    for sibling in heading.find_next_siblings():
        if sibling.name in ("h1", "h2") or sibling.name == heading.name:
            break
        under.append(words(sibling))
    return " ".join(under)


def test_the_first_sentence_of_every_page_is_the_verdict(soups):
    """In one line, with the way to the whole; the whole where the question is whether it is
    approved, and on paper.
    """
    pages = topic_pages(soups)
    assert len(pages) > 2 * len(PAGES) + 30
    whole = 0
    for url, soup in {**pages, "baricitinib-as/": soups["baricitinib-as/"]}.items():
        first = next(p for p in soup.article.find_all("p") if not p.find_parent(class_="track-bar"))
        said = words(first)
        assert soup.article.h1.find_next("p") is first
        if url != "baricitinib-as/" and not url.endswith(("/approval/", "/handout/")):
            assert said.startswith("Not approved for AS. "), url
            assert urljoin(url, first.a["href"]).endswith("/approval/"), url
            continue
        whole += 1
        assert said.startswith(
            "Baricitinib is not approved for ankylosing spondylitis in the United States"
        ), url
        for needed in (
            "the European Union",
            "Australia",
            "looked up on 23 November 2026",
            "tofacitinib",
            "upadacitinib",
        ):
            assert needed in said, (url, needed)
    assert whole == 5


def test_every_page_of_a_topic_says_that_nobody_reviewed_it(soups, library):
    for topic in library.topics.values():
        assert topic.review.reviewed_by == [], (
            "a reviewer was added: this test must then look for the name"
        )
        for url, soup in topic_pages(soups, topic.id).items():
            assert "Not clinically reviewed" in words(soup.select_one(".review")), url
            assert (
                soup.select_one(".review")["data-next-review"]
                == topic.review.next_review.isoformat()
            )
    # The pages of the condition stand under the review that is due first.
    first = min(topic.review.next_review for topic in library.topics.values()).isoformat()
    pages = topic_pages(soups, DISEASE)
    assert len(pages) > 2 * len(CONDITION_PAGES)
    for url, soup in pages.items():
        assert "Not clinically reviewed" in words(soup.select_one(".review")), url
        assert soup.select_one(".review")["data-next-review"] == first


def cited_by(element, soups, url) -> list:
    """The citations behind an element: its own; of a cell of the options those on the page of its
    row, under its option; of a prescriber's card those of the facts below it.
    """
    # A sheet to tick cites for all its rows at once, in its caption.
    sheet = element.find_parent("table", class_="tick-sheet")
    if sheet:
        return sheet.caption.select(".cites a")
    if "option" in element.get("class", []):
        row = element.find_parent("tr").find_next_sibling("tr", class_="grid__evidence")
        evidence = soups[url + row.a["href"]]
        name = words(element.find(class_="option__name"))
        headings = evidence.select("h2[id^=option-]")
        [heading] = (one for one in headings if words(one).rstrip("# ") == name)
        return heading.find_next_sibling("div", class_="answer").select(".cites a")
    card = element.find_parent("table", class_="card")
    if card:
        facts = card.find_parent("article").select("details.evidence [id]")
        own = [fact for fact in facts if fact["id"] in element["data-record"].split()]
        return [cite for fact in own for cite in fact.select(".cites a")]
    return element.select(".cites a")


def test_every_fact_with_a_number_leads_to_its_source(soups, library):
    checked = 0
    for url, soup in soups.items():
        ids = {element["id"] for element in soup.find_all(id=True)}
        for element in (
            soup.article.select(
                ".statement, tbody tr[data-record], td[data-record], .result-line,"
                " .approval-list > li"
            )
            if soup.article
            else ()
        ):
            text = words(element)
            if not re.search(r"\d|approved|mg\b", text):
                continue
            cites = cited_by(element, soups, url)
            assert cites, f"{url}: no citation behind '{text[:90]}'"
            for cite in cites:
                assert cite["href"].startswith("#source-"), url
                assert cite["href"].removeprefix("#source-") in library.sources, url
                page = cite.find_parent("html")
                place = cite["href"][1:]
                assert place in ids if page is soup.html else page.find(id=place), url
            checked += 1
    assert checked > 800


def test_a_reference_says_read_in_a_copy_exactly_where_it_was(soups, library):
    said = {copied: 0 for copied in (True, False)}
    for url, soup in soups.items():
        for entry in soup.select("ol.sources > li[data-record], ul.sources > li[data-record]"):
            copied = library.sources[entry["data-record"]].read_in == "copy"
            assert ("read in a copy" in words(entry).casefold()) == copied, f"{url}: {words(entry)}"
            said[copied] += 1
    assert min(said.values()) > 100, said


def test_no_number_stands_free(soups):
    """The second count of free numbers, written without the check's code: digits of the main text
    that have no ancestor naming a record, minus names and the guide's own dates."""
    names = re.compile(
        r"JAK ?\d(/\d)?|IL-\d+\w?|ASAS ?[24]0|ACR ?\d\d|HLA-B27|COVID-19|SELECT-AXIS"
        r" \d|NCT\d+|TYK2|OAT3|CYP\d\w+|STAT\d|gp130|BE MOBILE \d|MEASURE \d|ABILITY-1|BASDAI"
        r" ?50|TA\d+|JIA-ACR\d+|SF-36|B023"
        r"|ASAS-EULAR 2022|BSR 2025|ACR 2019|ACR/SAA/SPARTAN 2019|PANLAR 2023"
        r"|\d{1,2} [A-Z][a-z]+ 20\d\d|95% intervals?|A4|3 to 54 in 100|out of 1,?00+|1 in X|mSASSS"
    )
    free = []
    for url, soup in soups.items():
        if soup.article is None or url.endswith("404.html"):
            continue
        for node in soup.article.find_all(string=re.compile(r"\d")):
            if not isinstance(node, NavigableString) or type(node) is not NavigableString:
                continue
            if node.find_parent(["script", "style", "svg"]) or any(
                "data-record" in parent.attrs or "cites" in parent.get("class", ())
                for parent in node.parents
            ):
                continue
            if node.find_parent(class_="numbers"):
                continue
            rest = names.sub(" ", str(node))
            if re.search(r"\d", rest):
                free.append((url, str(node).strip()[:80]))
    assert free == [], free


def test_the_page_counts_its_own_sources(soups):
    for url, soup in soups.items():
        listed, said = (
            len(soup.select("ol.sources > li")),
            [words(line) for line in soup.select("p.numbers")],
        )
        # A page that cites nothing has nothing to count; one that shows a fact cites.
        assert len(said) == bool(listed), url
        assert listed or not soup.select(".statement, .result-line"), url
        for line in said:
            shown = re.fullmatch(
                r"This page shows (?:1 fact|([\d,]+) facts); (?:(1) source stands|([\d,]+) sources"
                r" stand) behind (it|them)\.",
                line,
            )
            assert (
                shown
                and shown[1] not in ("0", "1")
                and int(shown[2] or shown[3]) == listed
                and (shown[4] == "it") == (shown[1] is None)
            ), (url, line)


def test_all_required_baricitinib_facts_are_on_the_clinician_track(soups, library):
    required = yaml.safe_load((ROOT / "tests" / "required_facts.yml").read_text())
    shown: dict[str, str] = {}
    for url, soup in soups.items():
        if url.startswith("baricitinib-as/clinicians/"):
            for element in soup.select("[data-record]"):
                for record in element["data-record"].split():
                    shown[record] = shown.get(record, "") + " " + words(element)
    assert sum(map(len, required.values())) == 97
    missing = [key for keys in required.values() for key in keys if len(shown.get(key, "")) < 40]
    assert missing == []


def test_patients_are_shown_a_fact_or_the_guide_says_why_not(library):
    for record in library.statements():
        assert record.patient or len(record.clinician_only) > 15, record.id


def test_the_corrections_page_holds_every_claim_once(soups, library):
    ledger = library.claims["baricitinib-as"]
    index = soups["baricitinib-as/corrections/"]
    assert sorted(item["id"] for item in index.select("li.claim")) == sorted(
        claim.id for claim in ledger.claims
    )
    full = {
        item["id"]: item
        for url, soup in soups.items()
        if url.startswith("baricitinib-as/corrections/") and soup is not index
        for item in soup.select("li.claim")
    }
    assert set(full) == {claim.id for claim in ledger.claims} and len(full) == 117
    for claim in ledger.claims:
        item = full[claim.id]
        line = index.find(id=claim.id)
        assert (
            claim.claim in words(line)
            and line.select_one(".claim__mark").get_text()
            == item.select_one(".claim__mark").get_text()
        )
        # A hard word is a button: the space that a parser sets around it is none on the page.
        text = re.sub(r" (?=[;,.:)])", "", words(item))
        assert claim.claim in text and claim.why.split(".")[0][:60] in text
        links = item.select(".claim__where a")
        assert len(links) == len(claim.facts)
        for link in links:
            assert not link["href"].startswith("#sources"), (
                f"{claim.id}: {words(link)} is shown nowhere"
            )


def test_the_author_of_the_source_article_is_named_as_that_only(soups):
    for url, soup in soups.items():
        if "Lockhart" in words(soup):
            assert url.startswith("baricitinib-as/corrections/")
    assert "Caden Lockhart wrote that article only" in words(soups["baricitinib-as/corrections/"])


def test_no_reader_is_sent_to_a_grey_site(soups):
    grey = re.compile(
        r"pipelinereview|blogspot|themeditary|thehealthworlds|mimsdev|120ty|docketalarm|pazienti|starbene|articlesblink|pharmashots|"
        r"libmast|oddb\.org|ichgcp|maestrodatabase|srnnews|advfn|pharmacyfinder|synapsesocial|iclass\.cc|dntb\.gov|qa-training|mdedge-cache|"
        r"bibliotheek|patient-info\.co|au\.edu\.sy|prescriberpoint|github\.com|medthority|nexusnewsgroup"
    )
    hosts = {
        urlsplit(a["href"]).netloc
        for soup in soups.values()
        for a in soup.find_all("a", href=True)
        if a["href"].startswith("http")
    }
    assert {host for host in hosts if grey.search(host) or re.fullmatch(r"[\d.:]+", host)} == set()
    assert len(hosts) > 25


def test_nothing_unverified_has_a_figure(soups):
    """The figures that the evidence marks as not verified, as they would appear."""
    barred = {"nct06114407": r"ASAS40[^.]*\d+ ?%"}
    for trial, pattern in barred.items():
        section = soups["baricitinib-as/clinicians/trials/"].find(id=f"trial-{trial}")
        assert section is not None and not re.search(pattern, words(section)), trial


def test_ways_to_other_medicines_trials_say_what_was_tested(soups, library):
    """The trials of its class are ways from baricitinib's trial page to where they stand in full,
    in both tracks, and name the medicine that was tested.
    """
    for track in ("patients", "clinicians"):
        soup = soups[f"baricitinib-as/{track}/trials/"]
        ways = soup.select(f'ul a[href^="../../../"][href*="/{track}/trials/#trial-"]')
        assert len(ways) > 5
        for way in ways:
            address, _, trial = way["href"].removeprefix("../../../").partition("#trial-")
            tested = library.medicines[library.trials[trial].medicine].name
            assert tested != "baricitinib" and f"tested {tested}" in words(way.parent)
            home = f"{tested}-as" if f"{tested}-as" in library.topics else DISEASE
            assert address == f"{home}/{track}/trials/"
            there = soups[address].find(id=f"trial-{trial}")
            assert there and not there.select_one(".trial__more")


def test_a_trial_stands_in_full_once(soups, library):
    """Among the trials of all options, those of a medicine with a page have their main result and
    a way to the rest, which stands there.
    """
    for track in ("patients", "clinicians"):
        address = f"{DISEASE}/{track}/trials/"
        brief = [part for part in soups[address].select(".trial") if part.select(".trial__more")]
        assert len(brief) > 5
        for part in brief:
            way = part.select_one(".trial__more a")["href"].removeprefix("../../../")
            page, _, anchor = way.partition("#")
            assert page != address and anchor == part["id"]
            full = soups[page].find(id=anchor)
            shown, all_shown = ({node["id"] for node in one.select("[id]")} for one in (part, full))
            assert shown and shown < all_shown
            trial = library.trials[anchor.removeprefix("trial-")]
            if trial.results:
                main = [one.id for one in trial.results if one.primary] or [trial.results[0].id]
                assert {*main} <= shown


def test_results_of_other_medicines_and_diseases_carry_their_badge(soups, library):
    """Every result of another medicine or disease says so on baricitinib's trial page."""
    for track in ("patients", "clinicians"):
        soup = soups[f"baricitinib-as/{track}/trials/"]
        rows = soup.select("tr[data-record]")
        assert len(rows) > 2
        for row in rows:
            trial = library.trials[library.subject[row["data-record"]]]
            badges = words(row.th)
            if trial.medicine != "baricitinib":
                assert f"Other medicine: {trial.medicine.replace('-', ' ')}" in badges, row[
                    "data-record"
                ]
            if trial.population == "RA":
                assert "Other disease: rheumatoid arthritis, not AS" in badges


def test_no_badge_plays_an_emergency_sign_down(soups):
    """A sign of danger says where it comes from and to act; it never says 'not your disease'. Each
    is its own medicine's.
    """
    for medicine in ("baricitinib", "upadacitinib", "tofacitinib"):
        page = soups[f"{medicine}-as/patients/safety/"]
        at_once = page.find(id="get-help-now").find_parent(class_="urgent")
        assert at_once.find_previous("h2") is None and len(at_once.select("li")) >= 4
        signs = page.select(".statement--urgent-signs")
        assert len(signs) >= 2
        for sign in page.select(".urgent li"):
            others = {"baricitinib", "upadacitinib", "tofacitinib"} - {medicine}
            assert not [other for other in others if other in words(sign)], words(sign)
        for sign in signs:
            badges = [words(badge) for badge in sign.select(".badge")]
            assert not [
                badge for badge in badges if "Other disease" in badge or "Other medicine" in badge
            ], badges
            others = {"baricitinib", "upadacitinib", "tofacitinib"} - {medicine}
            assert not [other for other in others if other in words(sign)], words(sign)


def test_numbers_on_the_page_are_the_counts(soups):
    """Spot reading of pages against the papers' counts, typed here by hand."""
    clinician = soups["upadacitinib-as/clinicians/trials/"]
    row = words(clinician.find("tr", attrs={"data-record": "select-axis-1-asas40"}))
    for part in ("48/93 (51.6%)", "24/94 (25.5%)", "+26.1 points (+12.2 to +38.6)", "week 14"):
        assert part in row
    clinician = soups["tofacitinib-as/clinicians/trials/"]
    row = words(clinician.find("tr", attrs={"data-record": "tofa-ph3-asas40"}))
    assert "54/133 (40.6%)" in row and "17/136 (12.5%)" in row
    patient = words(
        soups["upadacitinib-as/patients/trials/"].find(
            "tr", attrs={"data-record": "select-axis-1-asas40"}
        )
    )
    assert (
        "52 out of 100" in patient
        and "26 out of 100" in patient
        and "26 more out of 100" in patient
        and "after 14 weeks" in patient
    )


def test_the_dangerous_kidney_rule_is_put_right(soups):
    for track in ("patients", "clinicians"):
        page = soups[f"baricitinib-as/{track}/dosing/"]
        text = words(page.find(id="renal-us-severe")), words(page.find(id="renal-eu-severe"))
        for said in text:
            assert "30" in said and re.search(
                r"not recommended|not advised|do(es)? not recommend|should not|advises? against",
                said,
            ), said


def test_every_comparison_cell_answers(soups, library):
    grid = library.comparisons["ankylosing-spondylitis"]
    for track in ("patients", "clinicians"):
        page = soups[f"{DISEASE}/{track}/options/"]
        cells = page.select("td.option")
        assert len(cells) == len(grid.options) * len(grid.rows)
        for cell in cells:
            said = " ".join(words(part) for part in cell.select("p"))
            assert len(said) > 15 and len(said.split()) <= 60, (track, words(cell))


def test_every_page_has_one_h1_and_headings_in_order(soups):
    for url, soup in soups.items():
        if soup.article is None:
            continue
        levels = [int(heading.name[1]) for heading in soup.article.find_all(re.compile("^h[1-6]$"))]
        assert levels.count(1) == 1 and levels[0] == 1, url
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), url


def test_a_page_says_a_fact_in_full_once_and_no_list_is_long(soups):
    """The trials' pages: what stands with a trial is not told again below; seven facts a list at
    most, the rest under a name.
    """
    named = 0
    for url, soup in soups.items():
        if re.fullmatch(r"[a-z]+-as/(patients|clinicians)/trials/", url):
            told = [
                item["data-record"] for item in soup.article.select("ul.statements > li.statement")
            ]
            assert len(told) > 10 and len(told) == len(set(told)), url
        if "-as/patients/" in url and soup.article:
            for listed in soup.article.select("ul.statements"):
                assert len(listed.select(":scope > li")) <= 7, url
            for group in soup.article.select(".facts-group"):
                assert words(group.select_one(".facts-group__name")) and group.select(
                    "li.statement"
                ), url
                named += 1
    assert named > 30


def test_a_topic_s_first_page_marks_what_is_of_another_disease(soups, library):
    """Its approvals are those for the disease; a fact from another disease says so, and the whole
    of what labels say stands on the page of approvals.
    """
    disease = library.conditions[DISEASE]
    own = {*disease.populations, *disease.related_populations}
    marked = 0
    for track in ("patients", "clinicians"):
        items = soups[f"baricitinib-as/{track}/"].article.select("ul.statements > li.statement")
        assert len(items) > 5
        for item in items:
            record = library.records[item["data-record"]]
            if isinstance(record, m.Approval):
                assert record.condition == DISEASE, record.id
            elif record.population not in {*own, "all"}:
                group = item.find_parent(class_="facts-group") or item
                assert "not AS" in words(group) or "other diseases" in words(group).lower(), (
                    record.id
                )
                marked += 1
        elsewhere = {
            item["data-record"]
            for item in soups[f"baricitinib-as/{track}/approval/"].article.select("li.statement")
        }
        assert {"bari-us-ra", "bari-eu-indications"} <= elsewhere
    assert marked > 2
