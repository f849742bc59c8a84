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
from guide.search.packed import TIMES, packed, packed_pairs
from guide.search.phrasings import PAIR_PHRASES, count, features, urgent_pairs
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
    assert made == {"word": [(3, 6), (4, 11), (900, 200)]}


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_the_box_unpacks_pairs_as_they_were(tmp_path):
    weights = {"^": [("chest", 3.2), ("do", -2.4)], "chest": [("pain", 6.0)], "pain": [("$", 0.6)]}
    script = tmp_path / "pairs.js"
    source = (ROOT / "docs/assets/search/12-urgency.js").read_text(encoding="utf-8")
    start, end = source.index("  function unpackPairs"), source.index("  /* A function from the")
    constants = "\n".join(
        line for line in source.splitlines() if line.startswith("  const ") and "=" in line
    ).replace("const { search } = window.guide;", "")
    script.write_text(
        f"{constants}\n{source[start:end]}\n"
        f"console.log(JSON.stringify([...unpackPairs({_json(packed_pairs(weights))})].sort()));"
    )
    done = subprocess.run(["node", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == _json(
        [["^ chest", 3], ["^ do", -2], ["chest pain", 6], ["pain $", 1]]
    )


def _json(value: object) -> str:
    import json

    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def test_names_and_numbers_stand_for_any():
    slots = {"examplinib": "*m", "ed": "*c"}
    assert features("Examplinib 15mg for ED?", slots) == ["*m", "#", "mg", "for", "*c"]


def test_a_phrase_counts_a_word_once():
    made = count({"one": ["pain pain", "pain"], "two": ["pain"]}, {})
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
    made = urgent_pairs(library, {})
    weights = {(one, two): weight for one, pairs in made.weights.items() for two, weight in pairs}
    assert (made.urgent, made.calm) == (8, 9)
    assert weights["i", "have"] > 2 and weights["it", "cause"] < -2
    assert abs(weights["chest", "pain"]) < 0.5 and PAIR_PHRASES <= 8
    assert ("a", "fever") not in weights


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
