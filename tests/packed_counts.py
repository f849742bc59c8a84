"""Unpacks what scripts/guide/search/packed.py packs, as the box does."""

from __future__ import annotations

from typing import Any

from guide.search.packed import FURTHER, GAPS, TIMES


def unpacked(index: dict[str, Any], name: str) -> dict[str, list[tuple[int, int]]]:
    """By word, pairs of a document's number and how often the word stands there."""
    words, last = [], ""
    for part in index["words"].split(" "):
        last = last[: int(part[0])] + part[1:]
        words.append(last)
    marks = {mark: times for times, mark in TIMES.items()}
    table: dict[str, list[tuple[int, int]]] = {}
    for word, letters in zip(words, index["counts"][name].split(" "), strict=True):
        number = -1
        for letter in letters:
            if letter == FURTHER:
                number += len(GAPS)
            elif letter in marks:
                table[word][-1] = (number, marks[letter])
            else:
                number += GAPS.index(letter) + 1
                table.setdefault(word, []).append((number, 1))
    return table
