"""A document to PDF. The only importer of WeasyPrint, which needs Pango and at least one font on the machine."""

from __future__ import annotations

import gc
import hashlib
import logging
import warnings
from pathlib import Path

from handbook.chapters import BookError

try:
    with warnings.catch_warnings():
        # It warns of this on import; to go on would end the whole process in Pango.
        warnings.filterwarnings("error", ".*Expect ugly output")
        import weasyprint
        from weasyprint.urls import URLFetcher
except ImportError:
    raise BookError("WeasyPrint is not installed. Remedy: pip install 'handbook[pdf]'.") from None
except OSError as error:  # a library of the system is loaded on import
    raise BookError(
        f"WeasyPrint misses a library of the system: {str(error).splitlines()[0]} "
        "Remedy (Debian): apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
    ) from None
except UserWarning:
    raise BookError(
        "No font is installed, so that nothing can be printed. "
        "Remedy (Debian): apt-get install fonts-sil-charis fonts-crosextra-carlito fonts-dejavu-core."
    ) from None

STYLE = Path(__file__).with_name("book.css")


def to_pdf(document: str, site: Path) -> bytes:
    """The pages of an HTML document as a tagged PDF (PDF/UA-1, ISO 14289-1) with an outline of its headings.

    The same document, style, fonts and WeasyPrint give the same bytes. Nothing is fetched but files, images of the
    ``site``. Raises BookError where no font is installed, and where WeasyPrint could not print something.
    """
    css = STYLE.read_text("utf-8")
    said = _Said()
    collected = gc.isenabled()
    gc.disable()  # boxes are kept to the end, and to look through them again and again takes a fifth of the time
    logger = logging.getLogger("weasyprint")
    logger.addHandler(said)
    try:
        fetcher = URLFetcher(allowed_protocols=("file", "data"))
        html = weasyprint.HTML(string=document, base_url=f"{site.resolve().as_uri()}/", url_fetcher=fetcher)
        pdf = html.write_pdf(
            stylesheets=[weasyprint.CSS(string=css)],
            pdf_variant="pdf/ua-1",
            finisher=lambda _, made: made.catalog.update(PageMode="/UseOutlines"),
            pdf_identifier=hashlib.sha256(f"{document}{css}".encode()).digest()[:16],
        )
    finally:
        logger.removeHandler(said)
        if collected:
            gc.enable()
    if said.lines:
        raise BookError(f"WeasyPrint could not print everything: {said.lines[0]} Remedy: correct the page or book.css.")
    return bytes(pdf)


class _Said(logging.Handler):
    """What WeasyPrint warns of, which it would otherwise pass over."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
