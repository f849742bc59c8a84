"""A population that no page may call 'people with' its name has a phrase of its own."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from conftest import ROOT, TODAY
from guide.build import prepare
from guide.content.loading import load
from guide.content.models import PopulationWords, Site
from guide.render.components import Components
from guide.view.figures.people import figure_people
from guide.view.page_context import page_context
from test_bad_content import answer, mend

SITE = "content/site.yml"


def test_the_phrase_stands_wherever_people_with_the_disease_would(tiny):
    before = " ".join(page.markdown for page in prepare(tiny, TODAY).pages)
    assert re.search(r"people with example disease", before)
    mend(
        tiny,
        SITE,
        "  ED: example disease",
        "  ED: {name: example disease, people: people invited to a look}",
    )
    pages = prepare(tiny, TODAY).pages
    after = " ".join(BeautifulSoup(page.markdown, "html5lib").get_text(" ") for page in pages)
    library = load(tiny)
    view = page_context(library, "patients", library.topics["examplinib-ed"], "trials", TODAY)
    picture = figure_people(view, "other-trial-response")
    after += Components(ROOT).html("figure_people", picture)
    for said in (
        "Studied: people invited to a look.",
        ", people invited to a look.",
        "For people invited to a look and for those who advise them.",
    ):
        assert said in after, said
    assert "Studied: people with example" not in after


def test_a_name_alone_goes_behind_people_with(tiny):
    library = prepare(tiny, TODAY).library
    site = library.site
    assert site.people("ED") == "people with example disease" and site.own_people("ED") == ""
    words = PopulationWords(name="a look", people="people invited")
    other = Site.model_validate({**site.model_dump(by_alias=True), "populations": {"L": words}})
    assert (other.populations, other.people("L")) == ({"L": "a look"}, "people invited")


def test_a_phrase_without_a_name_is_found(tiny):
    mend(tiny, SITE, "  ED: example disease", "  ED: {people: people invited to a look}")
    assert any("'name' is missing" in line for line in answer(tiny))
