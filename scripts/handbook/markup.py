"""What markup looks like that stayed text: quick signs of it in the HTML of a page, then patterns for its words.

A pattern comes with the code of its rule and a remedy; the first that finds something takes it.
"""

from __future__ import annotations

import re

LINK, BEHIND = "\x01", "\x02"
"""Stand in the words of a block before each link, and behind a link or picture that a brace follows."""
TRIGGERS = (
    *("![", "[^", "[ ^", "^[", "](", "] (", "]\n(", "][", ")[", "[@", "[-@", "@[", "[[", "*[", ">[] "),
    *("{#", "{:", "{.", "</a>{", "{--", "++", "{~~", "{==", "{>>", "{&gt;", "{%", "**", ":::", "!!", "??"),
    *(">==", "8<", "8&lt;", "8←", "8&larr;", "| -", "|-", "| :-", "|:-", "| –", "|–", "| —", "|—", "<" * 7, "&lt;" * 7),
    *(">" * 7, "&gt;" * 7, "\\footnote", "cite{", "cite[", "cite*"),
    *(":material-", ":fontawesome-", ":octicons-", ":simple-"),
)
FORMS = (
    re.compile(r"\[(?:[A-Za-z][\w \-–’']+<a |[^\[\]<>\n]*\([^()\s]*[/.#]|[a-z]+\.\s?\d)"),
    re.compile(r"\{\s+[#.]"),
    re.compile(r"<(?:/a>\s+|img [^>]*>\s*)\{"),
    re.compile(r"@[a-z][\w-]*\d{4}"),
    re.compile(r"==[^\W\d_]"),
    re.compile(r"~~[^\W\d_]"),
    re.compile(r"\^\^[^\W\d_]"),
    re.compile(r"\*[A-Za-z][^*<>\n]{0,80}\*"),
)
"""Of these a page's HTML holds one wherever a pattern below finds something in its words."""
SIGNS = frozenset("[]{}*|@!?=:<>←+~^\\")
"""Without any of these the words of a block hold no markup."""

_ADDRESS = r"(?:[a-z][a-z0-9+.-]*:|\.{0,2}/|#|[\w./-]+\.(?:md|html?|png|svg|jpe?g|pdf)\b)"
PATTERNS = (
    ("leftover-inline-note", re.compile(r"\^\[[^\]\n]+\]?"), "Write a footnote: [^1] here and [^1]: below."),
    (
        "leftover-note",
        re.compile(r"\[\s?\^[^\]\n]+\]:?"),
        "Define the note, or correct its label; inside HTML add the attribute 'markdown'.",
    ),
    ("leftover-citation", re.compile(r"\\\w*cite\w*\*?(?:\[[^\[\]\n]*\])*\{[^{}\n]+\}"), "Write [@key]."),
    ("leftover-citation", re.compile(r"\[-?@[\w:.-]+[^\]\n]*\]"), "Correct the form of the citation."),
    (
        "leftover-citation",
        re.compile(r"(?<![\w@])@\[[A-Za-z][\w:.-]*\d\w*[^\]\n]*\]"),
        "Put the @ inside.",
    ),
    (
        "leftover-citation",
        re.compile(r"\[(?:pp?|secs?|paras?|chaps?|arts?|figs?|n|vol)\.\s?\d[^\[\]\n]{0,20}$"),
        "End the locator with ].",
    ),
    (
        "leftover-citation",
        re.compile(r"(?<![\w/@.&=])@[a-z][\w-]*?(?:19|20)\d\d[a-z]\w*"),
        "Inside HTML add the attribute 'markdown'.",
    ),
    ("leftover-inline-note", re.compile(r"\\footnote\w*\{[^{}\n]*\}?"), "Write a footnote: [^1] here and [^1]: below."),
    (
        "leftover-link",
        re.compile(r"(?<![\w\])\[])\[\[[A-Za-z][\w /#|.’'-]{2,}\]\](?![(\[:\]])"),
        "Wiki links are another program's: write [words](page.md).",
    ),
    ("leftover-reversed", re.compile(rf"\([^()\n]+\)\[\s*{_ADDRESS}[^\]\n]*\]", re.I), "Swap the brackets."),
    (
        "leftover-link",
        re.compile(r"(?:\[[^\[\]\n]*)?\]\([^)\n]*\)?|\[[^\[\]\n]+\]\s\((?=" + _ADDRESS + r")[^)\n]*\)", re.I),
        "Correct the link.",
    ),
    ("leftover-reference", re.compile(r"(?<![\w\])])\[[^\[\]\n]+\]\[[^\[\]\n]*\]"), "Define the label, or correct it."),
    (
        "leftover-reference",
        re.compile(r"(?<![\w\])])\[[^\[\]\n]+\]\[[A-Za-z][\w.-]*(?=\s|$)(?![^\[\n]*\])"),
        "Close the second bracket.",
    ),
    (
        "leftover-link",
        re.compile(rf"(?<!\])\[[^\[\]()\n]+\((?=[^()\s]*[/.#]){_ADDRESS}[^()\s]*\)(?![^\[\n]*\])", re.I),
        "Close the bracket before the address.",
    ),
    (
        "leftover-attributes",
        re.compile(r"(?<![\w{%$\\])\{:?\s*[#.][A-Za-z][\w.:-]*[^{}\n]*\}"),
        "Move it where it is read.",
    ),
    ("leftover-attributes", re.compile(r"(?<![\w{%$\\])\{:?\s*#[A-Za-z][\w.:-]*\s*$"), "Close the brace."),
    ("leftover-directive", re.compile(r"(?<!\S):::\s+[A-Za-z_]\w*(?:\.\w+)+|--8<--"), "Put it on a line of its own."),
    (
        "leftover-directive",
        re.compile(r"^(?:!!!\+?|\?\?\?\+?|===[!+]?)\s+\S+"),
        "Correct its first line: the kind in one word, or the title in quotation marks.",
    ),
    (
        "leftover-directive",
        re.compile(r"^(?:(?:!!|\?\?)\+?\s+[a-z]+\s+|==[!+]?\s+)[\"“”][^\"“”\n]+[\"“”]"),
        "Write the sign three times.",
    ),
    (
        "leftover-directive",
        re.compile(r"^[-–—]+8<[-–—]*\s+[\"“]\S+|^[-–—]+8(?:<[-–—]+|←)\s+\S+"),
        'Write --8<-- "name".',
    ),
    (
        "leftover-marks",
        re.compile(r"(?<![\w+{])(?:\+\+[a-z][a-z0-9-]*\+[\w+-]*|\+[a-z][a-z0-9-]*(?:\+[\w-]+)*\+\+)(?![\w+])"),
        "Begin and end it with ++.",
    ),
    ("leftover-directive", re.compile(r"\|\s*:?(?:-{3,}|[–—]+-*):?\s*\|"), "Give the rule as many cells as the head."),
    ("leftover-directive", re.compile(r"^\[\]\s+(?=[A-Z])"), "Write [ ] for a box that is empty."),
    (
        "leftover-marks",
        re.compile(r"(?<![\w*\\/(])\*\*(?=[^\W\d_])(?!\w*args\b|kw|\w+[),=:])(?=[^*\n]+$)\w+"),
        "End it with **.",
    ),
    (
        "leftover-emphasis",
        re.compile(r"(?<![\w*\\/(.])(?P<star>\*{1,2})(?=[^\W\d_])[^*\n]{0,80}[^\W\d_][.!?]?(?P=star)(?![\w*./])"),
        "Have it read, or remove the signs.",
    ),
    ("leftover-marks", re.compile(r"(?<!\{)\{(?:--|\+\+|~~|==|>>)[^{}\n]+\}?"), "End the edit as it began."),
    (
        "leftover-marks",
        re.compile(
            r"(?<![\w=!<>/:&?.#-])==(?=[^\W\d_])[^=\n]*={0,2}(?!=)|(?<![\w~])~~(?=[^\W\d_])[^~\n]*~{0,2}(?!~)"
            r"|(?<![\w^])\^\^(?=[^\W\d_])[^^\n]*\^{0,2}(?!\^)"
        ),
        "End the words as they began.",
    ),
    ("leftover-marks", re.compile(r"\{%-?\s*[a-z]+\b[^{}\n]*%\}"), "Remove the template's tag, or have it read."),
    ("leftover-marks", re.compile(r"(?:<{7}|>{7})\s\S+"), "Settle the merge."),
    (
        "leftover-abbreviation",
        re.compile(r"^\*\[[A-Z][\w./& -]{0,20}\]:?\s(?=\s*\S)"),
        "Put a colon after the bracket.",
    ),
    (
        "leftover-icon",
        re.compile(r"(?<![\w:]):(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:(?![\w:])"),
        "Correct the name.",
    ),
)
_NAMES = r"(?:target|class|id|style|rel|width|height|title|align|loading|download|hreflang|lang|(?:data|aria)-[\w-]+)"
BESIDE_LINKS = (
    (
        "leftover-attributes",
        re.compile(rf"(?<={BEHIND})\{{:?\s*(?:[#.][\w-]|{_NAMES}\s*=)(?:[^{{}}\n]*\}}|\S*)"),
        "Close the brace, and have attr_list read it.",
    ),
    (
        "leftover-link",
        re.compile(rf"(?<=[^\s\]]\s)\[[A-Za-z][\w \-–’']+(?={LINK}[^\]]*$)"),
        "Close the bracket, or write \\[ for a bracket that is text.",
    ),
)


def possible(content: str) -> bool:
    """Whether the HTML of a page may show markup as text, so that its words must be looked at block by block."""
    return any(trigger in content for trigger in TRIGGERS) or any(form.search(content) for form in FORMS)
