"""The names that biblatex knows: entry types and fields (manual, sections 2.1 and 2.2), and what other tools write."""

from __future__ import annotations

TYPES = [
    *("article", "book", "collection", "inbook", "incollection", "inproceedings", "legislation", "misc", "online"),
    *("proceedings", "report", "thesis", "unpublished"),
]
"""The entry types that the house style knows."""

_OTHER_TYPES = """artwork audio bibnote commentary customa customb customc customd custome customf dataset image
jurisdiction legal letter movie music patent performance periodical review set software video xdata"""
OTHER_TYPES = frozenset(_OTHER_TYPES.split())
"""Types that biblatex knows and the house style has no form for."""

AS_WEB = frozenset(["artwork", "audio", "dataset", "image", "movie", "music", "set", "software", "video", "xdata"])
"""Those of them for which the form of a web page is right, or that are never shown."""

TYPE_ALIASES = {
    **dict.fromkeys(("booklet", "mvbook"), "book"),
    **dict.fromkeys(("mvcollection", "mvreference", "reference"), "collection"),
    **dict.fromkeys(("bookinbook", "suppbook"), "inbook"),
    **dict.fromkeys(("inreference", "suppcollection"), "incollection"),
    **dict.fromkeys(("manual", "standard"), "report"),
    "mvproceedings": "proceedings",
    "suppperiodical": "article",
    "conference": "inproceedings",
    "electronic": "online",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "techreport": "report",
    "www": "online",
}
FIELD_ALIASES = {
    "address": "location",
    "annote": "annotation",
    "archiveprefix": "eprinttype",
    "journal": "journaltitle",
    "primaryclass": "eprintclass",
    "school": "institution",
    "howpublished": "organization",
}

UNSHOWN = frozenset(
    {"abstract", "annotation", "archive-url", "doi", "eprint", "file", "ids", "keywords", "month", "url"}
)
"""Fields that are not text for a reader: TeX in them harms nobody."""

_BIBLATEX = """abstract addendum afterword annotation annotator author authortype bookauthor bookpagination booksubtitle
booktitle booktitleaddon chapter commentator crossref date day doi edition editor editora editorb editorc editortype
editoratype editorbtype editorctype eid entryset entrysubtype eprint eprintclass eprinttype eventdate eventtitle
eventtitleaddon execute file foreword gender hyphenation holder howpublished ids indexsorttitle indextitle institution
introduction isan isbn ismn isrn issn issue issuesubtitle issuetitle issuetitleaddon iswc journalsubtitle journaltitle
journaltitleaddon keywords label langid langidopts language library location mainsubtitle maintitle maintitleaddon month
nameaddon nameb namec note number options organization origdate origlanguage origlocation origpublisher origtitle pages
pagetotal pagination part presort publisher pubstate related relatedoptions relatedstring relatedtype reprinttitle
series shortauthor shorteditor shorthand shorthandintro shortjournal shortseries shorttitle sortkey sortname
sortshorthand sorttitle sortyear subtitle title titleaddon translator type url urldate usera userb userc userd usere
userf venue verba verbb verbc version volume volumes xdata xref year"""
_ALIASES = "address annote archive archiveprefix issuetitle journal key pdf primaryclass school"
_TOOLS = """acmid adsnote adsurl affiliation articleno articlenumber author_keywords bibsource biburl booktitles coden
collaboration comment comments copyright creationdate groups isbn10 isbn13 eissn pissn issueyear issue_date
keyword lccn localfile modificationdate mrclass mrnumber mrreviewer nationality numpages owner place pmcid pmid posted
priority publicationtype ranking rating readstatus reportnumber review slaccitation source timestamp url2
urlaccessdate websitetitle zblnumber zmnumber"""
_HANDBOOK = "archive-url grade gradenote"

FIELDS = frozenset(f"{_BIBLATEX} {_ALIASES}".split())
"""Fields of biblatex and BibTeX: a misspelt name is near one of these."""

CUSTOM = frozenset(f"{_TOOLS} {_HANDBOOK}".split())
"""Fields of this project, and those that other tools write: never taken for a misspelling."""
