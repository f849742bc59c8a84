"""Text is taken as a reader reads it: what looks the same is the same, and what YAML would leave
out is a problem.

The cases marked "reported" come from public reports and from trying the guide; the others are of
the same kinds.
"""

from __future__ import annotations

import datetime
import random
import re
import sys
import unicodedata
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from conftest import TODAY
from guide.base.normalise import find_alike, find_hidden, named, normalise
from guide.checks.rule import Guide
from guide.checks.rules import bands_have_numbers
from guide.checks.rules.bands_have_numbers import share
from guide.content.loading import load
from guide.content.wording import free_digits
from guide.content.yaml_reader import read_yaml
from test_bad_content import DOSING, answer, mend

SAFETY = "content/medicines/examplinib/safety.yml"
EVIDENCE = "content/topics/examplinib-ed/evidence.yml"
APPROVED = (
    f"{EVIDENCE}:6: patient: this says that examplinib is approved for example-disease, but its"
    " matrix row in content/medicines/examplinib/medicine.yml has no approval: mend the wording or"
    " the cell"
)
PATIENT = (
    "patient: It is very uncertain whether it helps. Nobody has tested examplinib in example"
    " disease."
)
QUOTE = "Put the whole text in quotes, or the comment on a line of its own"
CURLY = (
    'is no quote for YAML, but a letter of the text: type the plain quote (") at both ends, or take'
    " the quotes away"
)


def read(tmp_path: Path, text: str) -> tuple[object, list[str]]:
    """The values of a YAML text, and its problems, each from its line on."""
    path = tmp_path / "file.yml"
    path.write_bytes(text.encode("utf-8"))
    value, _, problems = read_yaml(path, "f")
    return value, [str(problem) for problem in problems]


# What is normalised

SAME = [
    # reported
    ("Exam\u00adplinib", "Examplinib"),
    ("approved\u00a0for", "approved for"),
    ("approved  for", "approved for"),
    ("µg and μg", "µg and µg"),
    # of the same kinds
    ("\u2009".join("abc"), "a b c"),
    ("a\u202fb\u3000c\u2007d\u1680e\u205ff", "a b c d e f"),
    ("a \u00a0\t b", "a b"),
    ("don’t ‘do’ “it” „now‟", 'don\'t \'do\' "it" "now"'),
    ("co\u2010op, IL\u20111", "co-op, IL-1"),
    ("eﬃcacy, ﬁrst, ﬂu, ﬀ, ﬅ", "efficacy, first, flu, ff, st"),
    ("ＪＡＫ １５％", "JAK 15%"),
    ("𝐛𝐚𝐫𝐢 𝟏𝟓", "bari 15"),
    ("2 ㎎, 5 ㎍", "2 mg, 5 µg"),
    ("Sjo\u0308gren, e\u00ad\u0301", "Sjögren, é"),
    ("\u212b, \u212a", "Å, K"),
]


@pytest.mark.parametrize("written, read_as", SAME)
def test_what_looks_the_same_is_the_same(written, read_as):
    assert normalise(written) == read_as


STAYS = [
    "TNF-α, IL-1β, NFκB, γδ T cells, Δ",
    "m², m³, 10⁹/L, H₂O, ½, Ⅳ, ①, ㎡",
    "5 µg",
    "naïve, Çelik, Ö, Łukasz, Đặng, ı",
    "関節リウマチ（第２版）：JAK阻害薬".replace("２", "2"),
    "强直性脊柱炎，中文标题。",
    "Барицитиниб при анкилозирующем спондилите",
    "Θεραπεία",
    "می\u200cروم",
    "क्\u200dष",
    "👩\u200d🔬 ⚠\ufe0f",
    "−0.5, ≥ 3, 5–6 — 7 …",
    "lead:\n- one\n- two\n\nlast",
    "3′-UTR, 5″",
    "«Étude»",
    "∑ × ± ° ™ †",
]


@pytest.mark.parametrize("text", STAYS)
def test_what_a_reader_sees_stays(tmp_path, text):
    assert normalise(text) == text and find_hidden(text) == "" and find_alike(text) is None
    quoted = text.replace("\n", "\\n")
    assert read(tmp_path, f'a: "{quoted}"\n') == ({"a": text}, [])


def test_normalising_twice_changes_nothing_more():
    for code in range(sys.maxunicode + 1):
        once = normalise(chr(code))
        assert normalise(once) == once, hex(code)
    chance = random.Random(1)
    pool = [
        *"aeo-' \n\t",
        *"“”’‐‑\u00a0\u00ad\u2009\u3000",
        *"ﬁ１Ａ㎎𝐛µμ",
        *"\u0301\u0308\u0327\u0323",
        "\u212b",
        "\u1ffd",
        "가",
        "\u1112\u1161",
    ]
    for _ in range(5_000):
        text = "".join(chance.choice(pool) for _ in range(chance.randrange(12)))
        once = normalise(text)
        assert normalise(once) == once, ascii(text)
        assert not set(once) & set("\u00ad\u00a0\t’“”‐\u03bc"), ascii(text)


def test_a_text_of_ordinary_letters_stays_as_it_is(tmp_path):
    chance = random.Random(2)
    letters = [
        chr(code)
        for code in [*range(0x21, 0x7F), *range(0xC0, 0x180)]
        if chr(code) not in "×÷" and unicodedata.normalize("NFC", chr(code)) == chr(code)
    ]
    for _ in range(2_000):
        words = [
            "".join(chance.choice(letters) for _ in range(chance.randrange(1, 9)))
            for _ in range(chance.randrange(1, 9))
        ]
        text = chance.choice((" ", "\n")).join(words)
        assert normalise(text) == text and find_hidden(text) == "" and find_alike(text) is None
    # And through the reader, in each kind of quotes.
    for quote in ("'", '"'):
        assert read(tmp_path, f"a: {quote}Take it # with food: {quote}\n") == (
            {"a": "Take it # with food: "},
            [],
        )


# Rules see the normalised text


@pytest.mark.parametrize(
    "said",
    [
        # reported
        "Exam\u00adplinib is approved for example disease.",
        "Examplinib is approved\u00a0for example disease.",
        "Examplinib is approved  for example  disease.",
        # of the same kinds
        "Examplinib is appro\u00adved for exam\u00adple dis\u00adease.",
        "Examplinib is approved for\u2009example\u202fdisease.",
        "Examplinib is ａｐｐｒｏｖｅｄ for example\u3000disease.",
        '"Examplinib is approved\\tfor example disease."',
        '"Examplinib is \\xADapproved for example\\_disease."',
        "Examplinib is 𝐚𝐩𝐩𝐫𝐨𝐯𝐞𝐝 for example disease.",
    ],
)
def test_a_false_approval_is_found_however_it_is_typed(tiny, said):
    mend(tiny, EVIDENCE, PATIENT, f"patient: {said}")
    assert answer(tiny)[:2] == ["[approved-means-approved]", APPROVED]


def test_a_source_is_found_though_its_id_was_pasted_with_another_hyphen(tiny):
    mend(tiny, DOSING, "sources: [made-up-label]", "sources: [made\u2011up\u00ad\u2010label]")
    assert load(tiny).records["examplinib-dose-us"].sources == ["made-up-label"]


# Letters nobody sees, and letters that only look alike


@pytest.mark.parametrize(
    "code",
    [
        0x200B,
        0x200C,
        0x200D,
        0x034F,
        0x115F,
        0x2800,
        0x3164,
        0xFFA0,
        0xFE0F,
        0xFFFC,
        0xE0061,
        0xE0100,
        0x2066,
    ],
    ids=hex,
)
def test_an_invisible_letter_inside_a_word_is_refused_with_its_own_line(tmp_path, code):
    value, problems = read(tmp_path, f"a: |\n  one\n  app{chr(code)}roved\nb: x\n")
    assert value is None and problems == [
        f"f:3: a: the text holds the invisible character U+{code:04X}: delete it"
    ]


@pytest.mark.parametrize(
    "text, word, letter",
    [
        # reported
        ("Take bаricitinib now", "bаricitinib", "U+0430 (Cyrillic small letter a)"),
        ("It is арproved", "арproved", "U+0430 (Cyrillic small letter a)"),
        # of the same kinds
        ("JАK", "JАK", "U+0410 (Cyrillic capital letter a)"),
        ("tοfacitinib", "tοfacitinib", "U+03BF (Greek small letter omicron)"),
        ("approνed", "approνed", "U+03BD (Greek small letter nu)"),
        ("ΤNF", "ΤNF", "U+03A4 (Greek capital letter tau)"),
        ("tαke", "tαke", "U+03B1 (Greek small letter alpha)"),
        ("bαd", "bαd", "U+03B1 (Greek small letter alpha)"),
        ("apprօved", "apprօved", "U+0585 (Armenian small letter oh)"),
        ("Take а pill", "а", "U+0430 (Cyrillic small letter a)"),
        ("a Т-cell", "Т", "U+0422 (Cyrillic capital letter te)"),
        ("mɑy", "mɑy", "U+0251 (Latin small letter alpha)"),
    ],
)
def test_a_word_that_only_looks_latin_is_named(tmp_path, text, word, letter):
    value, (problem,) = read(tmp_path, f"a: x\nb: {text}\n")
    assert (
        value is None
        and problem.startswith(f"f:2: b: in '{word}' the letter ")
        and f" is {letter}, which only looks like another one: type the word anew" in problem
    )
    assert ("put a hyphen" in problem) == ("Greek small" in letter)


@pytest.mark.parametrize(
    "text",
    [
        "TNF-α",
        "TNFα",
        "κB",
        "NFκB",
        "IκBα",
        "µg",
        "αvβ3",
        "RORγt",
        "FcγRI",
        "PGF2α",
        "β-blocker",
        "χ² and κ",
        "Эффект of JAK",
        "Μελέτη of JAK",
        "JAK阻害薬",
    ],
)
def test_names_with_letters_of_other_alphabets_are_fine(text):
    assert find_alike(normalise(text)) is None


def test_identifiers_and_keys_hold_no_letter_that_looks_alike(tiny, tmp_path):
    assert read(tmp_path, "doi: 10.1000/аре\n")[1][0].startswith(
        "f:1: doi: in 'аре' the letter а is U+0430"
    )
    assert read(tmp_path, "note: сору\n")[1] == []  # a text of another language may
    assert read(tmp_path, "a: 1\npаtient: x\n")[1] == [
        "f:2: the key 'pаtient' holds U+0430 (Cyrillic small letter a): keys are written with plain"
        " letters, type it anew"
    ]
    assert read(tmp_path, "pat\u200bient: x\n")[1] == [
        r"f:1: the key 'pat\u200bient' holds U+200B (zero width space): keys are written with plain"
        " letters, type it anew"
    ]
    assert read(tmp_path, "“a”: x\n")[1] == [
        "f:1: the key '“a”' holds U+201C (left double quotation mark): keys are written with plain"
        " letters, type it anew"
    ]
    mend(tiny, DOSING, "id: examplinib-dose-us", "id: examplinib-dоse-us")
    assert answer(tiny) == [
        "[form]",
        (
            f"{DOSING}:2: statements[0].id: in 'dоse' the letter о is U+043E (Cyrillic small letter"
            " o), which only looks like another one: type the word anew"
        ),
    ]


def test_a_letter_without_a_name_has_its_number():
    assert (named("\x08"), named("µ")) == ("U+0008", "U+00B5 (micro sign)")


# Numbers that are no digits


@pytest.mark.parametrize(
    "text, found",
    [
        # reported
        ("or ½ tablet", ["½"]),
        # of the same kinds
        ("or ¼, or 1½ tablets", ["¼", "1½"]),
        ("phase Ⅳ", ["Ⅳ"]),
        ("per m²", ["m²"]),
        ("step ① (②)", ["①", "②"]),
        ("take ٣ of them", ["٣"]),
        ("take ３", ["３"]),
        ("take 三", ["三"]),
        ("x₂", ["x₂"]),
        ("take 4 mg", ["4"]),
        ("take 1,000", ["1", "000"]),
        # no numbers, and names that hold digits
        ("take {dose} with TNF-α and CD4 in IL-6", []),
        ("no number at all", []),
        ("naïve", []),
        ("5° and ½ by CD4", ["5°", "½"]),
    ],
)
def test_whatever_reads_as_a_number_is_one(text, found):
    assert list(free_digits(text, re.compile("CD4|IL-6"))) == found


@pytest.mark.parametrize("typed", ["½", "ⅼ", "²", "⑤", "٥"])
def test_a_number_typed_in_prose_is_a_problem(tiny, typed):
    mend(tiny, DOSING, "is {dose} once a day.", f"is {{dose}} or {typed} once a day.")
    assert answer(tiny) == [
        "[numbers-are-values]",
        (
            f"{DOSING}:8: patient: '{typed}' is typed in the wording: put it into 'values' and call"
            " it as {name}; a name that holds digits is a term of the glossary"
        ),
    ]


# What YAML does not read


def cut(line: int, key: str, comment: str) -> str:
    return (
        f"f:{line}: {key}: '{comment}' is not read: a '#' behind a space begins a comment. {QUOTE}"
    )


@pytest.mark.parametrize(
    "text, problems",
    [
        # reported
        (
            "patient: It is {dose} once a day. # not with food\n",
            [cut(1, "patient", "# not with food")],
        ),
        # of the same kinds
        ("a:\n  b: Take it #1 daily\n", [cut(2, "a.b", "#1 daily")]),
        ("a: Take it\t# not with food\n", [cut(1, "a", "# not with food")]),
        (
            "a: {b: take it # not\n  , c: with food # or\n}\n",
            [cut(1, "a.b", "# not"), cut(2, "a.c", "# or")],
        ),
        ("a: [one, two # three\n]\n", [cut(1, "a[1]", "# three")]),
        ("a:\n  - one # two\n", [cut(2, "a[0]", "# two")]),
        ("a: Take it\n  once a day # not\nb: x\n", [cut(2, "a", "# not")]),
        ("a: x\r\nb: x # y\r\n", [cut(2, "b", "# y")]),
        ("a: 2 mg # y\n", [cut(1, "a", "# y")]),
        # the text goes on below its cut, which the parser calls a missing key
        (
            "a: Take it\n  once # not\n  with food\nb: x\n",
            [f"f:2: '# not' is not read: a '#' behind a space begins a comment. {QUOTE}"],
        ),
        ("a: Take it # not\n  with food\nb: x\n", [cut(1, "a", "# not")]),
        (
            "a: Take it\n  # not\n  with food\nb: x\n",
            ["f:2: a comment stands between the lines of a text: put it above the key"],
        ),
        (
            "a: # not with food\nb: x\n",
            [
                "f:1: a: the value is missing: '# not with food' is a comment, which is not read."
                " If it is the text, put it in quotes"
            ],
        ),
        # other ways to lose a part of a text
        (
            "a: &co Pharma\n",
            [
                "f:1: a: '&co' is not read: what begins with & is not text for YAML. Put the whole"
                " text in quotes"
            ],
        ),
        (
            "a: ! not with food\n",
            [
                "f:1: a: '!' is not read: what begins with ! is not text for YAML. Put the whole"
                " text in quotes"
            ],
        ),
        (
            "a: Call if\n  - fever\n  - cough\n",
            [
                "f:2: a: this line of a list is run together with the line above: put '|' behind"
                " the key, and every line of the text below it"
            ],
        ),
        (
            "b:\n  - a: >\n      Call if\n      - fever\n  - a: x\n",
            [
                "f:4: b[0].a: this line of a list is run together with the line above: put '|'"
                " behind the key, and every line of the text below it"
            ],
        ),
    ],
)
def test_what_would_not_be_read_is_a_problem(tmp_path, text, problems):
    assert read(tmp_path, text) == (None, problems)


def test_comments_that_cut_no_text_stay(tmp_path):
    text = (
        "# above\na: 1 # n\nb: 2.5  # n\nc: true # n\nd: 2026-01-02 # n\ne: {x: y} # n\nf: [x, y] #"
        " n\ng: 'x # y' # n\nh: \"x\" # n\ni: # n\n  - x\n  # own line\n  - y\nj: [x, # n\n  y]\nk:"
        " | # n\n  x # y\n  - z\nl: https://example.org/#x\nm: C#\nn: >\n  x # y\no:\n  - p: >\n   "
        "   x\n  - p: y\n"
    )
    value, problems = read(tmp_path, text)
    assert problems == []
    assert value == {
        "a": 1,
        "b": Decimal("2.5"),
        "c": True,
        "d": datetime.date(2026, 1, 2),
        "e": {"x": "y"},
        "f": ["x", "y"],
        "g": "x # y",
        "h": "x",
        "i": ["x", "y"],
        "j": ["x", "y"],
        "k": "x # y\n- z\n",
        "l": "https://example.org/#x",
        "m": "C#",
        "n": "x # y\n",
        "o": [{"p": "x\n"}, {"p": "y"}],
    }


# The cause, its line and the remedy

SPACE = "another kind of space, U+00A0 (no-break space), stands"


@pytest.mark.parametrize(
    "text, problem",
    [
        # reported
        (
            "\ufeffa: b\n",
            (
                "f:1: the file begins with a byte order mark (U+FEFF), which nobody sees: save it"
                " as 'UTF-8' without 'BOM' or 'signature'"
            ),
        ),
        (
            "a:\n\u00a0 b: c\n",
            f"f:2: {SPACE} at the beginning of this line: delete it, and indent with plain spaces",
        ),
        (
            "a: Warning: text\nb: c\n",
            (
                "f:1: a: 'Warning:' would begin a new key: put the whole text in quotes, because of"
                " the ': ' in it"
            ),
        ),
        (
            "a: 2,5\n",
            (
                "f:1: a: '2,5' is no number, because of its comma: write 2.5; if it is text, put it"
                " in quotes"
            ),
        ),
        (
            "a:\n  b: {c: 1},\n  d: 2\n",
            "f:2: b: a comma stands behind }: delete it, YAML wants none between lines",
        ),
        ("a: “some text”\n", f"f:1: a: “ {CURLY}"),
        # of the same kinds: marks and spaces
        ("a: b\n\ufeffc: d\n", "f:2: the text holds the invisible character U+FEFF: delete it"),
        ("a: b\u0085c: d\n", "f:1: the text holds the invisible character U+0085: delete it"),
        (
            "a: b # note\u2028c: d\n",
            "f:1: the text holds the invisible character U+2028: delete it",
        ),
        ("a: b\nc: d\x08\n", "f:2: the text holds the invisible character U+0008: delete it"),
        (
            "a:\n  - \u00a0b: c\n",
            f"f:2: {SPACE} at the beginning of this line: delete it, and indent with plain spaces",
        ),
        (
            "a: b\n\u00a0\nc: d\n",
            f"f:2: {SPACE} at the beginning of this line: delete it, and indent with plain spaces",
        ),
        ("a:\n  -\tb: c\n", "f:2: a tab indents this line: YAML is indented with spaces, use two"),
        ("a: b\nc:\u00a0d\n", f"f:2: c: {SPACE} behind the colon: type a plain space"),
        (
            "a:\n  b:\u00a0c\n",
            f"f:2: a: 'b:' is no key, because {SPACE} behind its colon: type a plain space",
        ),
        # colons
        (
            "a: Tell us if:\nb: c\n",
            (
                "f:1: a: 'Tell us if:' would begin a new key: put the whole text in quotes, because"
                " of the ': ' in it"
            ),
        ),
        (
            "a: Note: one: two\nb: c\n",
            (
                "f:1: a: 'Note:' would begin a new key: put the whole text in quotes, because of"
                " the ': ' in it"
            ),
        ),
        (
            "a: {unknown: Not read: why}\n",
            (
                "f:1: a: 'Not read:' would begin a new key: put the whole text in quotes, because"
                " of the ': ' in it"
            ),
        ),
        (
            "a: Take it.\n  Warning: not with food.\nb: c\n",
            (
                "f:2: 'Warning:' would begin a new key: put the whole text in quotes, because of"
                " the ': ' in it"
            ),
        ),
        (
            "a:\n  - Warning: text\n  - more\n",
            (
                "f:2: a[0]: 'Warning: …' is read as a key, because of the ': ' in it: if it is"
                " text, put the whole text in quotes"
            ),
        ),
        (
            "a: [See also: text]\n",
            (
                "f:1: a[0]: 'See also: …' is read as a key, because of the ': ' in it: if it is"
                " text, put the whole text in quotes"
            ),
        ),
        # numbers
        (
            "a: {value: 2,5, unit: mg}\n",
            (
                "f:1: a: '2,5' is no number, because of its comma: write 2.5; if it is text, put it"
                " in quotes"
            ),
        ),
        (
            "a: {value: -0,25}\n",
            (
                "f:1: a: '-0,25' is no number, because of its comma: write -0.25; if it is text,"
                " put it in quotes"
            ),
        ),
        (
            "a: ２,５\n",
            (
                "f:1: a: '2,5' is no number, because of its comma: write 2.5; if it is text, put it"
                " in quotes"
            ),
        ),
        (
            "a: 1.000,5\n",
            (
                "f:1: a: '1.000,5' is no number, because of its comma: write 1000.5; if it is text,"
                " put it in quotes"
            ),
        ),
        (
            "a: 14,744\n",
            (
                "f:1: a: '14,744' is no number, because of its comma: write 14744 or 14.744,"
                " whichever is meant; if it is text, put it in quotes"
            ),
        ),
        (
            "a: 2,500,000\n",
            (
                "f:1: a: '2,500,000' is no number, because of its comma: write 2500000; if it is"
                " text, put it in quotes"
            ),
        ),
        ("a: 2.5,\nb: c\n", "f:1: a: a comma stands behind 2.5: delete it"),
        ("a: 2026-01-02,\n", "f:1: a: a comma stands behind 2026-01-02: delete it"),
        # commas
        (
            "a: [b, c], # note\nd: e\n",
            "f:1: a: a comma stands behind ]: delete it, YAML wants none between lines",
        ),
        (
            "- {a: 1},\n- {a: 2}\n",
            "f:1: a comma stands behind }: delete it, YAML wants none between lines",
        ),
        (
            '"a": "b",\n"c": "d"\n',
            'f:1: a comma stands behind ": delete it, YAML wants none between lines',
        ),
        # curly quotes
        ("a: “Warning: text”\nb: c\n", f"f:1: a: “ {CURLY}"),
        ("a: ‘the patient’s leaflet’\n", f"f:1: a: ‘ {CURLY}"),
        ("a: „text“\n", f"f:1: a: „ {CURLY}"),
        ('a: "text”\nb: c\n', f"f:1: a: ” {CURLY}"),
        ("a: [“one, two”]\n", f"f:1: a[0]: “ {CURLY}"),
        ("a: {value: 2, unit: “mg”}\n", f"f:1: a.unit: “ {CURLY}"),
    ],
)
def test_one_slip_one_clear_problem(tmp_path, text, problem):
    assert read(tmp_path, text) == (None, [problem])


def test_texts_that_only_come_near_a_slip_are_read(tmp_path):
    text = (
        "a: “A” and “B”\nb: ’Tis the patients’\nc: Take it, then rest\nd: '2,5'\ne: 2,5 mg\nf: [1,"
        " 2]\ng: 'Warning: text'\nh: don’t\ni: Is Attention\u00a0:\u00a0this\nj: {\n  x: 1,\n  y:"
        " [1,\n    2],\n  }\nk:\n  - unknown: text\nl: text\u00a0\n"
    )
    assert read(tmp_path, text) == (
        {
            "a": '"A" and "B"',
            "b": "'Tis the patients'",
            "c": "Take it, then rest",
            "d": "2,5",
            "e": "2,5 mg",
            "f": [1, 2],
            "g": "Warning: text",
            "h": "don't",
            "i": "Is Attention : this",
            "j": {"x": 1, "y": [1, 2]},
            "k": [{"unknown": "text"}],
            "l": "text",
        },
        [],
    )


@pytest.mark.parametrize(
    "old, new, line, message",
    [
        (
            "patient: In the",
            "patient: Warning: in the",
            8,
            (
                "patient: 'Warning:' would begin a new key: put the whole text in quotes, because"
                " of the ': ' in it"
            ),
        ),
        (
            "{value: 2, unit: mg}",
            "{value: 2,5, unit: mg}",
            7,
            (
                "statements[0].values.dose: '2,5' is no number, because of its comma: write 2.5; if"
                " it is text, put it in quotes"
            ),
        ),
        (
            "{value: 2, unit: mg}",
            "{value: 2, unit: mg},",
            7,
            "dose: a comma stands behind }: delete it, YAML wants none between lines",
        ),
        (
            "once a day.",
            "once a day. # not with food",
            8,
            (
                "statements[0].patient: '# not with food' is not read: a '#' behind a space begins"
                f" a comment. {QUOTE}"
            ),
        ),
        (
            "    kind: dosing",
            "   \u00a0kind: dosing",
            3,
            f"{SPACE} at the beginning of this line: delete it, and indent with plain spaces",
        ),
        (
            "clinician: US, other disease, {dose} once daily.",
            "clinician: “US, other disease, {dose} once daily.”",
            9,
            f"statements[0].clinician: “ {CURLY}",
        ),
    ],
)
def test_the_whole_answer_of_the_check_is_that_one_problem(tiny, old, new, line, message):
    mend(tiny, DOSING, old, new)
    assert answer(tiny) == ["[form]", f"{DOSING}:{line}: {message}"]


# A share is a share, however it is written


@pytest.mark.parametrize(
    "said, value",
    [
        ("10%", Fraction(1, 10)),
        ("1 in 10", Fraction(1, 10)),
        ("10 out of 100 people", Fraction(1, 10)),
        ("100 per 1,000", Fraction(1, 10)),
        ("10 percent", Fraction(1, 10)),
        ("10 per cent", Fraction(1, 10)),
        ("1 person in 10", Fraction(1, 10)),
        ("1 in every 10", Fraction(1, 10)),
        ("0.1%", Fraction(1, 1000)),
        ("0.01 %", Fraction(1, 10_000)),
        ("1,000 in 10,000", Fraction(1, 10)),
        ("10% to 20%", None),
        ("1 in 10 to 1 in 5", None),
        ("1 in 10 to 20", None),
        ("1 to 10%", None),
        ("1 in 0", None),
        ("10 per 100 patient-years", None),
        ("10 per 100 PY", None),
        ("1 of 10 mg", None),
        ("10 mg", None),
        ("", None),
        ("1.2.3%", None),
        ("ten percent", None),
    ],
)
def test_a_share_is_one_number(said, value):
    assert share(said) == value


def bands(project: Path, band: str, number: str) -> list[str]:
    """What the rule says of the made-up side effect, with this band and this number."""
    mend(project, SAFETY, "{value: 10, unit: out of 100 people}", number)
    mend(project, SAFETY, "common (up to {often})", band)
    return [
        str(problem)
        for problem in bands_have_numbers.check(Guide(load(project), project, [], TODAY))
    ]


@pytest.mark.parametrize(
    "band, number",
    [
        ("common (up to {often})", "{value: 10, unit: '%'}"),  # reported
        ("common (up to {often})", "1 in 10"),
        ("common (up to {often})", "100 per 1,000"),
        ("uncommon (up to {often})", "{value: 1, unit: '%'}"),
        ("rare (up to {often})", "{value: 0.1, unit: '%'}"),
        ("very rare (up to {often})", "1 in 10,000"),
        ("very common (more than {often})", "{value: 10, unit: '%'}"),
    ],
)
def test_a_band_may_stand_beside_any_form_of_its_number(tiny, band, number):
    assert bands(tiny, band, number) == []


@pytest.mark.parametrize(
    "band, number, shown",
    [
        (
            "common (up to {often})",
            "1 in 100",
            "'common' means up to 1000 in 10,000, but 'up to 1 in 100'",
        ),
        (
            "uncommon (up to {often})",
            "10 per 100",
            "'uncommon' means up to 100 in 10,000, but 'up to 10 per 100'",
        ),
        (
            "common (more than {often})",
            "'10%'",
            "'common' means up to 1000 in 10,000, but 'more than 10%'",
        ),
        ("rare (up to {often})", "0.19%", "'rare' means up to 10 in 10,000, but 'up to 0.19%'"),
        (
            "common (up to {often})",
            "10% to 20%",
            "'common' means up to 1000 in 10,000, but 'up to 10% to 20%'",
        ),
    ],
)
def test_a_band_with_another_number_is_still_wrong(tiny, band, number, shown):
    assert bands(tiny, band, number) == [
        f"{SAFETY}:17: clinician: {shown} stands behind it: one of the two is wrong"
    ]
