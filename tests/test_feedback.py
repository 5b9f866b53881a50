"""Links to report and to edit: the publisher's addresses where there are any, else the page that says how."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from conftest import CONFIG, ROOT, head
from lxml import html
from mkdocs.commands.build import build
from mkdocs.config import load_config

from handbook.feedback import Feedback

REPO = "https://code.example/a/handbook"


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        (Feedback(), ""),
        (Feedback(page="about/corrections/"), "../../about/corrections/"),
        (Feedback(f"{REPO}/", "", "about/"), f"{REPO}/issues/new?title=P9.3%2C%201st%20edition"),
        (Feedback(REPO, "mailto:a@b.example"), "mailto:a@b.example?subject=P9.3%2C%201st%20edition"),
        (
            Feedback("", "mailto:a@b.example?cc=c@b.example"),
            "mailto:a@b.example?cc=c@b.example&subject=P9.3%2C%201st%20edition",
        ),
        (Feedback("", "https://form.example/?about={title}"), "https://form.example/?about=P9.3%2C%201st%20edition"),
        (Feedback("", "https://form.example/"), "https://form.example/"),
    ],
)
def test_report_goes_where_the_publisher_says_and_carries_the_id(given: Feedback, leads_to: str) -> None:
    assert given.report("P9.3", "1st edition", "../../") == leads_to


def test_without_a_repository_there_is_no_edit_link() -> None:
    assert Feedback().edit("docs/index.md") == ""
    assert Feedback(REPO).edit("docs/a b.md") == f"{REPO}/edit/main/docs/a%20b.md"


def test_handbook_of_no_known_address_says_how_to_report(handbook_site: Path) -> None:
    for name in ("principles/P9/", "id/P9.3/", "matrix/"):
        page = html.fromstring((handbook_site / name / "index.html").read_bytes())
        [link] = page.xpath("//a[starts-with(normalize-space(), 'Report a problem')]/@href")
        assert (handbook_site / name / link).resolve() == handbook_site / "about" / "corrections"
        assert not page.xpath("//a[contains(., 'Edit this page')]")


def test_pages_and_ids_carry_the_publishers_links(tmp_path: Path) -> None:
    theme = {"name": "material", "font": False, "custom_dir": "overrides"}
    plugins = [{"handbook": {"repository": REPO}}]
    files = {
        "mkdocs.yml": yaml.safe_dump({**CONFIG, "theme": theme, "plugins": plugins}),
        "docs/index.md": "# Home\n\nHere.\n",
        "docs/principles/P1.md": f"{head('P1')}## One {{#P1.1}}\n\nWords.\n",
        "docs/registry.tsv": "".join((ROOT / "docs" / "registry.tsv").read_text("utf-8").splitlines(True)[:1]),
    }
    for path in (ROOT / "overrides").rglob("*.html"):
        files[f"overrides/{path.relative_to(ROOT / 'overrides')}"] = path.read_text("utf-8")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    build(load_config(str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "site")))
    page = html.fromstring((tmp_path / "site" / "principles" / "P1" / "index.html").read_bytes())
    links = {link.text_content(): link.get("href") for link in page.xpath("//p[@class='page-foot']/a")}
    assert links["Edit this page"] == f"{REPO}/edit/main/docs/principles/P1.md"
    assert links["Report a problem with P1"].startswith(f"{REPO}/issues/new?title=P1%2C%20Latest%20text")
