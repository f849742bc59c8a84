"""What the search learns and how it is packed: what the builder writes is what the box reads."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from guide.content import models as m
from guide.content.loading import load
from guide.search import urgency
from guide.search.packed import TIMES, packed
from guide.search.phrasings import OTHER, Words, count, features
from guide.search.tokens import tokens
from guide.search.urgency import PAIRS, urgent_weights
from packed_counts import unpacked

WORDS = st.text(alphabet="abcéßж", min_size=1, max_size=12)
COUNTS = st.dictionaries(
    st.integers(min_value=0, max_value=900), st.sampled_from([1, *TIMES]), min_size=1, max_size=8
).map(lambda counts: sorted(counts.items()))


@given(tables=st.dictionaries(WORDS, COUNTS, min_size=1, max_size=20))
def test_packed_counts_are_unpacked_as_they_were(tables):
    assert unpacked(packed({"sections": tables}), "sections") == tables


def test_how_often_a_word_stands_is_rounded_down():
    made = unpacked(packed({"sections": {"word": [(3, 7), (4, 12), (900, 1000)]}}), "sections")
    assert made == {"word": [(3, 5), (4, 5), (900, 120)]}


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_the_box_unpacks_pairs_as_they_were(tmp_path):
    """Weights are rounded to eighths. Words with other letters sort as they do in Python."""
    pairs = {
        "^": [("chest", 1.2), ("do", -0.4), ("\u017cal", 1)],
        "chest": [("pain", 3.5), ("^", -9)],
        "pain": [("$", 0.6)],
    }
    made = packed({"sections": {"chest": [(1, 1)], "zoo": [(2, 1)]}}, pairs)
    script = tmp_path / "pairs.js"
    folder = ROOT / "docs/assets/search"
    urgency = (folder / "12-urgency.js").read_text(encoding="utf-8")
    counts = (folder / "05-counts.js").read_text(encoding="utf-8")
    script.write_text(
        "globalThis.window = { guide: { search: {} } };\n"
        f"{counts}\n"
        + urgency.replace(
            "  search.urgency =", "  window.unpackPairs = unpackPairs;\n  search.urgency ="
        )
        + f"\nconst made = {_json(made)};\n"
        "const words = window.guide.search.wordsOf(made.words);\n"
        "console.log(JSON.stringify([...window.unpackPairs(made.pairs, words)].sort()));",
        encoding="utf-8",
    )
    done = subprocess.run(["node", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == _json(
        sorted(
            [
                ["^ chest", 1.25],
                ["^ do", -0.375],
                ["^ \u017cal", 1],
                ["chest pain", 3.5],
                ["chest ^", -4],
                ["pain $", 0.625],
            ]
        )
    )


def _json(value: object) -> str:
    import json

    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def test_names_and_numbers_stand_for_any():
    slots = {"examplinib": "*m", "ed": "*c"}
    assert features(tokens("Examplinib 15mg for ED?"), slots) == ["*m", "#", "mg", "for", "*c"]


def test_a_word_is_counted_by_its_first_letters():
    assert features(tokens("swelling swells"), {}) == ["swell", "swell"]


def test_another_medicine_is_counted_beside_its_name():
    made = count({"one": ["panadol with it"]}, {}, Words(), lambda word: word == "panadol")
    assert set(made) == {"panad", "with", "it", OTHER}


def test_a_phrase_counts_a_word_once():
    made = count({"one": ["pain pain", "pain"], "two": ["pain"]}, {}, Words())
    assert made == {"pain": [(0, 2), (1, 1)]}


@dataclass
class _Library:
    """What the counts read of a library."""

    intents: dict[str, m.Intent] = field(default_factory=dict)
    phrasings: dict[str, m.PhrasingFile] = field(default_factory=dict)
    urgency: dict[str, m.UrgencyFile] = field(default_factory=dict)
    questions: dict[str, list[m.Question]] = field(default_factory=dict)


def test_pairs_tell_what_happens_from_what_is_asked_about():
    """The same words in another order; intents that some are in a hurry about do not count."""
    happens = [f"i have chest pain {number}" for number in "abcdefgh"]
    asked = [f"does it cause chest pain {number}" for number in "abcdefgh"]
    library = _Library(
        intents={
            "cause": m.Intent(id="cause", meaning="does it cause pain"),
            "fever": m.Intent(id="fever", meaning="i have fever", urgency="mixed"),
        },
        phrasings={
            "a": m.PhrasingFile(
                written_by="x", phrasings={"cause": asked, "fever": ["i have a fever"] * 9}
            )
        },
        urgency={"a": m.UrgencyFile(written_by="x", phrasings={"emergency": happens})},
    )
    made = urgent_weights(library, {}, Words())
    pairs = {(one, two): weight for one, found in made.pairs.items() for two, weight in found}
    assert made.words["have"] > 0.1 and made.words["cause"] < -0.1
    assert pairs["have", "chest"] > 0.1 and pairs["cause", "chest"] < -0.1
    assert len(pairs) <= PAIRS and abs(made.words["chest"]) < 0.1 and "fever" not in made.words


def test_weights_do_not_depend_on_the_order_of_phrases():
    """What is learnt is the one solution of a problem, so writers may add phrases anywhere."""
    rows = [([0, 1], True), ([1, 2], False), ([0, 3], True), ([2, 3], False), ([1, 3], True)] * 3
    start, weights = urgency._separated(rows, 4, 0.001)
    other_start, others = urgency._separated(rows[::-1], 4, 0.001)
    assert abs(start - other_start) < 0.005
    assert all(abs(one - other) < 0.005 for one, other in zip(weights, others, strict=True))
    for found, is_urgent in rows:
        assert (start + sum(weights[place] for place in found) > 0) is is_urgent


def test_every_intent_has_phrasings_of_several_writers():
    """The goal: at least 20 phrasings for each intent, of at least four writers."""
    library = load(ROOT)
    for intent in library.intents:
        written = [
            phrases
            for file in library.phrasings.values()
            if (phrases := file.phrasings.get(intent))
        ]
        assert len(written) >= 4 and sum(map(len, written)) >= 20, intent


def test_every_intent_is_answered_somewhere():
    library = load(ROOT)
    answered = {
        intent
        for items in (*library.questions.values(), *library.answers.values())
        for item in items
        for intent in item.intents
    }
    assert answered == {*library.intents}
