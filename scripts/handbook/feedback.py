"""Where a reader reports a problem and an editor edits a page: addresses that the publisher gives."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

BRANCH = "main"
TITLE = "{title}"


@dataclass(frozen=True, slots=True)
class Feedback:
    """The publisher's settings, each empty where there is none.

    ``repository``: the address of the public repository on a host whose addresses are as GitHub's are
    (``/edit/<branch>/<path>``, ``/issues/new?title=``; docs.github.com, "Creating an issue from a URL query").
    ``address``: where reports go instead of its issues, ``mailto:…`` (RFC 6068) or a web address, in which ``{title}``
    stands for the title. ``page``: the page, as an address below the site's root, that says how to report.
    """

    repository: str = ""
    address: str = ""
    page: str = ""

    def report(self, name: str, edition: str, up: str) -> str:
        """What a report on an id (or, where it is empty, on a page's ``edition`` alone) is to be addressed to.

        ``up`` leads from where the link stands to the site's root. Empty where nothing is known.
        """
        title = quote(f"{name}, {edition}" if name else edition, safe="")
        where = self.address
        if not where and self.repository:
            where = f"{self.repository.rstrip('/')}/issues/new?title={TITLE}"
        if where.startswith("mailto:") and TITLE not in where:
            where += f"{'&' if '?' in where else '?'}subject={TITLE}"
        return where.replace(TITLE, title) or (f"{up}{self.page}" if self.page else "")

    def edit(self, path: str) -> str:
        """Where a file of the repository is edited; empty where there is no public one."""
        return f"{self.repository.rstrip('/')}/edit/{BRANCH}/{quote(path)}" if self.repository else ""


NONE = Feedback()
"""Of a publisher who has named no address."""
