"""``references.bib`` to :class:`Reference` records and diagnostics. The only module that imports bibtexparser.

Field and type names are those of biblatex (manual, sections 2.1 and 2.2); the older BibTeX names that its section 2.2.5
lists as aliases are read as well. What can be seen only in the file is reported here and in ``entries.py``, the rest in
``checks/bibliography.py``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    Field,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)

from handbook.diagnostics import Diagnostic, rule
from handbook.entries import DUPLICATE_FIELD, Reader
from handbook.entries import GRADES as GRADES
from handbook.marks import letters
from handbook.records import Bibliography, Name, Reference
from handbook.values import evaluate

# bibtexparser only logs what it could not read; we report the same blocks as diagnostics.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

UNREADABLE = rule(
    "bib-unreadable",
    "error",
    "The bibliography is missing or is not UTF-8, so that no citation can be resolved.",
    "references.bib in Latin-1",
    "references.bib in UTF-8",
)
SYNTAX = rule(
    "bib-syntax",
    "error",
    "An entry cannot be read, and every citation of it is unknown. Its neighbours are read all the same.",
    "@book{a,\n  title = {One,\n}",
    "@book{a,\n  title = {One},\n}",
)
STRAY = rule(
    "bib-stray-text",
    "error",
    "What looks like part of an entry stands between entries, mostly because a brace too many has closed one early. "
    "Words alone are a comment (BibTeX).",
    "@book{a, title = {One}}, date = {2020}}",
    "@book{a, title = {One}, date = {2020}}",
)
DUPLICATE_KEY = rule(
    "bib-duplicate-key",
    "error",
    "Two entries have one key, so that a citation cannot mean the second.",
    "@book{a, title = {One}}\n@book{a, title = {Two}}",
    "@book{a, title = {One}}\n@book{b, title = {Two}}",
)
_COMMENTED_OUT = re.compile(r"^[ \t]*%[^\n]*@", re.M)
_KEYS = re.compile(r"@\w+\s*[{(]\s*([^\s,{}()]+)\s*,")
_OF_ENTRY = re.compile(r"[={}@\"]|^\s*[^\w\s][^\w]*$")
_NAMED_PART = re.compile(r"""(?:^|,\s*)"?(family|given|prefix|suffix)\s*=\s*\{?([^,"{}]+)""")


def load(path: Path, shown: str) -> tuple[Bibliography, list[Diagnostic]]:
    """Read a file; ``shown`` is its name in diagnostics. A missing or undecodable file gives an empty bibliography.

    A file that has not changed since the last time is not read again.
    """
    try:
        stat = path.stat()
        found, diagnostics = _load(path.resolve(), shown, stat.st_mtime_ns, stat.st_size)
    except (OSError, UnicodeDecodeError) as error:
        message = f"The bibliography cannot be read: {error}."
        return Bibliography(shown, {}, {}), [UNREADABLE.at(shown, 0, 0, message, "Give a UTF-8 file.")]
    return found, list(diagnostics)


@lru_cache(maxsize=4)
def _load(path: Path, shown: str, _modified: int, _size: int) -> tuple[Bibliography, list[Diagnostic]]:
    return parse(path.read_text("utf-8-sig"), shown)  # Windows editors begin a file with a byte order mark


def parse(text: str, path: str = "references.bib") -> tuple[Bibliography, list[Diagnostic]]:
    """Parse BibTeX text. Every entry that can be read is kept, whatever is wrong with its neighbours."""
    # No middleware: values are evaluated where their lines are known.
    library = parse_string(_read_by_biber(text), parse_stack=[])
    reader = Reader(path, _shown)
    references: dict[str, Reference] = {}
    for block, after in zip(library.blocks, [*library.blocks[1:], None], strict=False):
        entry = block.ignore_error_block if isinstance(block, DuplicateFieldKeyBlock) else block
        if isinstance(entry, String):
            reader.strings[entry.key.lower()] = evaluate(entry.value, reader.strings).text
        elif isinstance(entry, Entry):
            fields: dict[str, Field] = {}
            for field in entry.fields:
                fields.setdefault(field.key, field)  # the first of two stands; _failures reports the second
            written = ((name, field.value, field.start_line + 1) for name, field in fields.items())
            # A brace too many ends an entry early: what follows is reported, and nothing is said to be missing.
            whole = not (isinstance(after, ImplicitComment) and after.comment.count("}") > after.comment.count("{"))
            line = (entry.start_line or 0) + 1
            reference = reader.read(entry.key, entry.entry_type, line, written, whole)
            references[reference.key] = reference
    diagnostics = sorted([*_failures(library, path), *reader.faults])
    failed = [block.raw or "" for block in library.blocks if isinstance(block, ParsingFailedBlock)]
    unread = frozenset(key for raw in failed for key in _KEYS.findall(raw)).difference(references)
    return Bibliography(path, references, letters(references.values()), unread=unread), diagnostics


def _read_by_biber(text: str) -> str:
    """Without the entries that per cent signs comment out, which bibtexparser would read; each line stays a line."""
    if not _COMMENTED_OUT.search(text):
        return text
    lines, depth = text.split("\n"), 0
    for number, line in enumerate(lines):
        if depth == 0 and line.lstrip().startswith("%"):
            lines[number] = ""
        else:
            bare = line.replace("\\{", "").replace("\\}", "")
            depth = max(depth + bare.count("{") - bare.count("}"), 0)
    return "\n".join(lines)


@lru_cache(maxsize=50_000)
def person(name: str) -> Name:
    """One name as BibTeX writes it; braces around the whole of it mark an organisation."""
    bare = name.replace("{", "").replace("}", "")
    if name.startswith("{") and name.endswith("}"):
        return Name(bare)
    if "=" in name and (named := dict(_NAMED_PART.findall(name))):
        # biblatex's long form (manual, section 3.6), which Zotero writes for names with particles.
        family = f"{named.get('prefix', '')} {named.get('family', '')}".strip()
        return Name(family, named.get("given", ""), named.get("suffix", ""))
    if name.count(",") == 1 and bare is name:
        # "von Last, First", nearly every name; the full parser comes to the same five times more slowly.
        family, _, given = name.partition(",")
        return Name(family.strip(), given.strip())
    try:
        parts = parse_single_name_into_parts(name)
    except InvalidNameError:
        return Name(bare)
    words = (parts.von + parts.last, parts.first, parts.jr)
    return Name(*(" ".join(part).replace("{", "").replace("}", "") for part in words))


def split_names(names: str) -> list[str]:
    """The names of a list, each as it is written."""
    if re.search(r"[{}\\]| and and ", names) or names.lower().count("and") != names.count(" and "):
        return list(split_multiple_persons_names(names))
    return names.split(" and ")


def people(names: str) -> tuple[Name, ...]:
    """The names of an ``author`` or ``editor`` field in order; ``others`` comes out as ``Name("others")``."""
    return tuple(person(name) for name in split_names(names)) if names else ()


def _shown(author: str) -> tuple[str, ...]:
    """Chicago 18, 13.107: one or two names in full, of three or more the first and "et al."."""
    if not author:
        return ()
    names = split_names(author)
    first = person(names[0]).family
    if len(names) == 1:
        return (first,)
    if len(names) > 2 or names[1] == "others":
        return (first, "et al.")
    return (first, person(names[1]).family)


def _failures(library: Library, path: str) -> Iterator[Diagnostic]:
    """What bibtexparser put aside: broken syntax, duplicate keys, duplicate fields, text between entries."""
    before = None
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            first = (block.previous_block.start_line or 0) + 1
            message = f"The key '{_short(block.key)}' is used again (first on line {first}); this entry is left out."
            yield DUPLICATE_KEY.at(path, line, 0, message, "Rename or remove one of the two entries.")
        elif isinstance(block, DuplicateFieldKeyBlock):
            inner = block.ignore_error_block
            names = ", ".join(sorted(block.duplicate_keys))
            key = inner.key if isinstance(inner, Entry) else ""
            message = f"Entry '{_short(key)}' has the field '{_short(names)}' twice; the first is used."
            yield DUPLICATE_FIELD.at(path, line, 0, message, "Keep one of the two.")
        elif isinstance(block, ParsingFailedBlock):
            head = next(iter((block.raw or "").strip().splitlines()), "")
            reason = " ".join((getattr(block.error, "abort_reason", "") or str(block.error)).split())
            message = f"The entry '{_short(head)}' cannot be read: {reason.rstrip('.')}."
            hint = "Look for a missing brace, quotation mark or comma in this entry."
            yield SYNTAX.at(path, line, 0, message, hint)
        elif isinstance(block, ImplicitComment) and not isinstance(before, ParsingFailedBlock):
            # Behind an entry that cannot be read stands the rest of it.
            for offset, text in enumerate(block.comment.split("\n")):
                if _OF_ENTRY.search(text) and not text.lstrip().startswith("%"):
                    message = f"Text stands between entries: '{_short(text)}'."
                    hint = "Close the braces of the entry before it, or start the line with %."
                    yield STRAY.at(path, line + offset, 0, message, hint)
                    break
        before = block


def _short(text: str) -> str:
    """The beginning of a text on one line."""
    return " ".join(text.split())[:60].strip()
