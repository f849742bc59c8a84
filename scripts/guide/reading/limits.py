"""The limits that patient text is held to."""

from __future__ import annotations

GRADE, NEUTRAL, SITE_NEUTRAL, SECOND_INDEX = 8.0, 6.5, 6.5, 2.0


MEAN_WORDS, LONG_SHARE, MOST_WORDS, FEWEST_WORDS = 15, 5, 25, 4


SENTENCES, ITEMS, WORDS_AN_ABBREVIATION = 3, 7, 50
