"""How hard a page is to read, and sentences picked at random for a reader to check. Alone imports textstat."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import textstat

from handbook import reading

GRADE = 13.0
"""The highest US school grade (Flesch–Kincaid) that a page should ask of its reader."""

LONG = 35
"""A sentence of more words than this is looked at."""

# A citation stands before the full stop, so that what follows one begins with a capital, a quotation or a label.
END = re.compile(r"(?<=[.?!])[”’]?\s+(?=[A-Z“‘])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a page, its citations in it, the section where it stands, and its number of words without them."""

    page: str
    section_id: str
    text: str
    words: int


def sentences(content: str, page: str) -> list[Sentence]:
    """The sentences of a rendered page in their order."""
    found = []
    for section, cited, plain in reading.blocks(content):
        whole, bare = END.split(cited), END.split(plain)
        for text, words in zip(whole, bare if len(bare) == len(whole) else whole, strict=True):
            found.append(Sentence(page, section, text, len(words.split())))
    return found


def grade(content: str) -> float:
    """The Flesch–Kincaid grade of a rendered page without its citations; 0 for a page without prose."""
    text = "\n".join(plain for _, _, plain in reading.blocks(content))
    return float(textstat.flesch_kincaid_grade(text)) if text else 0.0


def sample(found: list[Sentence], number: int, seed: int) -> list[Sentence]:
    """So many sentences with a citation, the same for the same seed and pages."""
    cited = [one for one in found if re.search(r"\([^()]*\d{4}[a-z]?\b[^()]*\)", one.text)]
    return random.Random(seed).sample(cited, min(number, len(cited)))
