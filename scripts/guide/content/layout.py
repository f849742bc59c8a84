"""Where each kind of file stands in `content/`."""

from __future__ import annotations

import fnmatch
from pathlib import Path

from pydantic import BaseModel

from guide.content import models as m

# The words of the guide's own field, which rules and search go by.
VOCABULARY = "vocabulary.yml"


# One row a kind of file: where it stands and the model it follows. `*` is one id.
LAYOUT: tuple[tuple[str, type[BaseModel]], ...] = (
    ("site.yml", m.Site),
    ("sources.yml", m.SourceFile),
    ("sources/*.yml", m.SourceFile),  # what a file of many topics is split into, by subject
    ("source-words/*.yml", m.SourceWords),
    ("units.yml", m.UnitFile),
    (VOCABULARY, m.Vocabulary),
    ("intents.yml", m.IntentFile),
    ("phrasings/*.yml", m.PhrasingFile),
    ("urgency/*.yml", m.UrgencyFile),
    ("glossary.yml", m.GlossaryFile),
    ("glossary/*.yml", m.GlossaryFile),
    ("changes.yml", m.ChangeFile),
    ("changes/*.yml", m.ChangeFile),
    ("redirects.yml", m.RedirectFile),
    ("audit.yml", m.Audit),
    ("handout.yml", m.Handout),
    ("conditions/*/condition.yml", m.Condition),
    ("conditions/*/comparison.yml", m.Comparison),
    ("conditions/*/faq.yml", m.QuestionFile),
    ("conditions/*/answers.yml", m.AnswerFile),
    ("conditions/*/*.yml", m.StatementFile),
    ("medicines/*/medicine.yml", m.Medicine),
    ("medicines/*/schedule.yml", m.Schedule),
    ("medicines/*/doses.yml", m.DoseTable),
    ("medicines/*/*.yml", m.StatementFile),
    ("trials/*.yml", m.Trial),
    ("guidelines/*.yml", m.Guideline),
    ("health-systems/*.yml", m.HealthSystem),
    ("topics/*/topic.yml", m.Topic),
    ("topics/*/faq.yml", m.QuestionFile),
    ("topics/*/takeaways.yml", m.TakeawayFile),
    ("topics/*/answers.yml", m.AnswerFile),
    ("topics/*/card.yml", m.Card),
    ("topics/*/claims.yml", m.ClaimFile),
    ("topics/*/handout.yml", m.Handout),
    ("topics/*/*.yml", m.StatementFile),
)


# What readers were last shown, written by the publication and compared by a rule.
LEDGER = "ledger.json"


# Every address readers were ever given, written by the publication and compared with each build.
LINKS = "links.json"


# Every published version of every handout, written by the publication too.
VERSIONS = "versions.json"


# What the texts behind the sources said, written by `links` and told by `due`.
SOURCE_TEXTS = "source-texts.json"


# What a skeleton holds where a maintainer must write: never published, always listed.
TO_DO = "TODO"


def model_for(relative: Path) -> type[BaseModel] | None:
    """The model that a file of `content/` follows, by its place; None where no file belongs."""
    parts = relative.parts
    return next(
        (
            model
            for patterns, model in _LAYOUT
            if len(patterns) == len(parts) and all(map(fnmatch.fnmatchcase, parts, patterns))
        ),
        None,
    )


_LAYOUT = [(Path(pattern).parts, model) for pattern, model in LAYOUT]
