"""The Cite links in a real browser: the dialog, what it copies, the words it quotes, and every way without it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import material
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, cases

ASSETS = ROOT / "docs" / "assets"
STYLES = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
PASSAGES = cases("cite_passages.yaml")
FORMS = ["Chicago, note", "Chicago, author-date", "APA", "OSCOLA", "Bluebook", "Address", "BibTeX"]
BIBTEX = """@incollection{P9.4,
  author = {{Editors}},
  title = {P9.4 The auditor},
  edition = {1}
}"""

SHELL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>{title}</title>{styles}
<style>.edition h2 {{ margin-top: 100vh }} main {{ padding: 1rem }}</style></head>
<body class="{kind}" data-md-color-scheme="{scheme}" data-md-color-primary="custom" data-md-color-accent="custom">
<nav><a href="#P9.2">Menu of the site</a> <a href="#P9.3">What it asks of a policy</a></nav>
<main><article class="md-content__inner md-typeset">
{body}
</article></main>
{scripts}</body></html>
"""
HANDBOOK = """<h1 id="P9">P9 Audit developers {P9}</h1>
<h2 id="P9.2">The argument {P9.2}</h2>
<p>Audits tell the public what the newest systems can do,
and they tell it in words that nobody else publishes today.</p>
<p>A second paragraph stands below it.</p>
<h2 id="P9.3">What it asks of a policy {P9.3}</h2>
<p>The policy says what audits ask.</p>
<ul>
<li id="P9.4">The policy names who appoints an <abbr title="Who audits.">auditor</abbr> and who pays it
<span class="citations">(<a class="citation" href="#work-m">Millidge 2024, para. 7</a>)</span>. {P9.4}</li>
<li id="P9.5">The same words: costs, R&amp;D &amp; pre-release tests are called “safe enough” by no one. {P9.5}</li>
</ul>
<p>After the list the tests come back here.</p>
<h2 id="P9.10">Limits {P9.10}</h2>
<p>A high-risk examination: nobody knows what a <abbr title="The most capable.">frontier</abbr>
<a href="#P9.3">system</a> can do
<span class="citations">(<a class="citation" href="#work-m">Millidge 2024, para. 7</a>)</span>.
It is a rising floor.</p>
<p>Once more the rising floor is named.</p>
<h2 id="P9.11">The floor {P9.11}</h2>
<p>A rising floor of computing power.</p>
<h2 id="P9.12">A later section {P9.12}</h2>
<h2 id="works-cited">Works cited</h2>
<ul class="works-cited"><li id="work-m">Millidge. 2024. Preliminary Thoughts.</li></ul>
"""
LINKS = """<a class="headerlink section-id" href="#{0}" title="Permanent link to {0}">{0}</a> \
<a class="cite" href="../../id/{0}/" aria-label="Cite {0}">Cite</a>"""
SECTIONS = ["P9", "P9.2", "P9.3", "P9.4", "P9.5", "P9.10", "P9.11", "P9.12"]
UNPUBLISHED, LOST = "P9.12", "P9"


def forms(section: str, url: str) -> str:
    """The part of a section's citation page that the dialog shows."""
    if section == UNPUBLISHED:
        return f"""<section class="cite-forms" data-id="{section}"><h2>Cite {section}</h2>
<p class="cite-note">Not in an edition yet.</p></section>"""
    link = f'<a href="{url}">{url}</a>'
    title = f"“{section} The auditor,” in <em>AI Safety Policy Handbook</em>, 1st ed. (2026)"
    note = "The text has changed since the 1st edition; this cites the text published there."
    rows = {
        "chicago-note": f"Editors, {title}, {link}.",
        "chicago-author-date": f"Editors. 2026. “{section} The auditor.” {link}.",
        "apa": f"Editors. (2026). {section} The auditor. {link}",
        "oscola": f"Editors, ‘{section} The auditor’ &lt;{link}&gt;",
        "bluebook": f"Editors, <em>{section} The auditor</em>, {link}.",
        "link": link,
        "bibtex": f"<pre><code>{BIBTEX}</code></pre>",
    }
    listed = "\n".join(
        f'<div><dt>{name}</dt><dd data-form="{form}">{text}</dd></div>'
        for name, (form, text) in zip(FORMS, rows.items(), strict=True)
    )
    changed = f'<p class="cite-note changed">{note}</p>' if section == "P9.5" else ""
    return f"""<section class="cite-forms" data-id="{section}" data-url="{url}" data-edition="1st ed.">
<h2>Cite {section}, 1st ed.</h2>{changed}<dl>{listed}</dl>
<p class="cite-files">Files: <a href="{section}.bib">BibTeX</a></p></section>"""


def write_site(folder: Path, root: str) -> None:
    """The handbook's page in both colour schemes and as an edition has it, and the citation page of each section."""
    assets = folder / "assets"
    assets.mkdir()
    sheets = [next(STYLES.glob("main.*.min.css")), next(STYLES.glob("palette.*.min.css")), ASSETS / "handbook.css"]
    for file in [
        *sheets,
        ROOT / "scripts" / "handbook" / "id.css",
        ASSETS / "cite.css",
        ASSETS / "passage.js",
        ASSETS / "cite.js",
    ]:
        shutil.copy(file, assets)
    theme = [sheet.name for sheet in sheets]

    def page(name: str, body: str, sheets: list[str], kind: str = "", scheme: str = "default") -> None:
        up = "../" * name.count("/")
        path = folder / name / "index.html"
        path.parent.mkdir(parents=True)
        links = "".join(f'<link rel="stylesheet" href="{up}assets/{sheet}">' for sheet in [*sheets, "cite.css"])
        scripts = "".join(f'<script src="{up}assets/{script}"></script>' for script in ("passage.js", "cite.js"))
        text = SHELL.format(title=name, body=body, styles=links, scripts=scripts, kind=kind, scheme=scheme)
        path.write_text(text, "utf-8")

    body = HANDBOOK
    for section in SECTIONS:
        body = body.replace(f"{{{section}}}", LINKS.format(section))
    page("principles/P9/", body, theme)
    page("dark/P9/", body, theme, scheme="slate")
    page("1/P9/", body, theme, kind="edition")
    for section in SECTIONS:
        if section != LOST:
            page(f"id/{section}/", f"<h1>{section}</h1>{forms(section, f'{root}1/P9/#{section}')}", ["id.css"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cite")


@pytest.fixture(scope="module")
def address(folder: Path, serve: Callable[[Path], str]) -> str:
    root = serve(folder)
    write_site(folder, root)
    return root


@pytest.fixture
def trouble() -> list[str]:
    return []


@pytest.fixture
def page(browser: Any, address: str, trouble: list[str]) -> Any:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.goto("principles/P9/")
    yield opened
    context.close()


def open_dialog(page: Any, section: str = "P9.4") -> Any:
    page.get_by_role("link", name=f"Cite {section}", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    return dialog


def select(page: Any, case: dict[str, Any]) -> None:
    """Select from one string to another, wherever in the page's text nodes they stand."""
    page.evaluate(
        """({after, from, to}) => {
          const nodes = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) nodes.push(walker.currentNode);
          const text = nodes.map((node) => node.data).join('').replace(/\\s/g, ' ');
          const start = text.indexOf(from, text.indexOf(after));
          const end = text.indexOf(to, start) + to.length;
          const range = document.createRange();
          let place = 0;
          for (const node of nodes) {
            if (place <= start && start < place + node.length) range.setStart(node, start - place);
            if (place < end && end <= place + node.length) range.setEnd(node, end - place);
            place += node.length;
          }
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        {"after": case.get("after", ""), "from": case["from"], "to": case["to"]},
    )


def clipboard(page: Any) -> dict[str, str]:
    copied: dict[str, str] = page.evaluate(
        """async () => Object.fromEntries(await Promise.all((await navigator.clipboard.read()).flatMap(
             (item) => item.types.map(async (type) => [type, await (await item.getType(type)).text()]))))"""
    )
    return copied


def test_dialog_shows_every_citation_and_starts_at_its_heading(page: Any, trouble: list[str]) -> None:
    dialog = open_dialog(page)
    assert dialog.locator("dt").all_inner_texts() == FORMS
    assert dialog.get_by_role("button", name="Copy").count() == len(FORMS)
    assert page.evaluate("document.activeElement.textContent") == "Cite P9.4, 1st ed."
    assert dialog.get_by_role("heading", name="Cite P9.4, 1st ed.").is_visible()
    assert page.get_by_role("dialog", name="Cite P9.4, 1st ed.").count() == 1
    files = dialog.get_by_role("link", name="BibTeX").get_attribute("href")
    assert files.endswith("/id/P9.4/P9.4.bib")
    assert page.url.endswith("/principles/P9/")
    assert trouble == []


@pytest.mark.parametrize("way", ["Escape", "Close", "backdrop"])
def test_closing_leads_back_to_the_link(page: Any, way: str) -> None:
    dialog = open_dialog(page)
    if way == "Close":
        dialog.get_by_role("button", name="Close").click()
    elif way == "backdrop":
        page.mouse.click(5, 400)
    else:
        page.keyboard.press(way)
    dialog.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Cite P9.4"


def test_words_selected_up_to_the_backdrop_leave_it_open(page: Any) -> None:
    dialog = open_dialog(page)
    box = dialog.get_by_role("heading").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(5, box["y"])
    page.mouse.up()
    assert dialog.is_visible()


def test_keyboard_alone_opens_copies_and_closes(page: Any) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Cite P9.4":
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Copy APA":
            break
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Copied.").wait_for()
    assert clipboard(page)["text/plain"].startswith("Editors. (2026).")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Cite P9.4"


def test_letters_typed_in_the_dialog_stay_in_it(page: Any) -> None:
    page.evaluate("window.typed = []; addEventListener('keydown', (event) => typed.push(event.key))")
    open_dialog(page)
    page.keyboard.press("n")
    assert page.evaluate("typed") == []


def test_copy_gives_rich_and_plain_text(page: Any, address: str) -> None:
    dialog = open_dialog(page)
    dialog.get_by_role("button", name="Copy Chicago, note").click()
    dialog.get_by_role("status").filter(has_text="Copied.").wait_for()
    url = f"{address}1/P9/#P9.4"
    copied = clipboard(page)
    assert copied["text/plain"] == (
        f"Editors, “P9.4 The auditor,” in AI Safety Policy Handbook, 1st ed. (2026), {url}."
    )
    assert "<em" in copied["text/html"] and f'<a href="{url}"' in copied["text/html"]
    assert "Copy" not in copied["text/html"]


@pytest.mark.parametrize(("name", "text"), [("BibTeX", BIBTEX), ("Address", "{address}1/P9/#P9.4")])
def test_copy_gives_plain_text_where_markup_would_harm(page: Any, address: str, name: str, text: str) -> None:
    dialog = open_dialog(page)
    dialog.get_by_role("button", name=f"Copy {name}").click()
    dialog.get_by_role("status").filter(has_text="Copied.").wait_for()
    assert clipboard(page) == {"text/plain": text.replace("{address}", address)}


@pytest.mark.parametrize(
    "refusal",
    [
        """(() => {
          for (const name of ['write', 'writeText']) navigator.clipboard[name] = () => Promise.reject(new Error('no'));
        })()""",
        "Object.defineProperty(navigator, 'clipboard', {value: undefined})",
    ],
)
def test_refused_clipboard_selects_the_citation(page: Any, refusal: str) -> None:
    page.evaluate(refusal)
    dialog = open_dialog(page)
    dialog.get_by_role("button", name="Copy APA").click()
    dialog.get_by_role("status").filter(has_text="Press Ctrl+C to copy.").wait_for()
    assert page.evaluate("getSelection().toString()").startswith("Editors. (2026). P9.4 The auditor.")


@pytest.mark.parametrize("case", PASSAGES, ids=lambda case: case["name"])
def test_selected_words_are_quoted_with_their_address(page: Any, address: str, case: dict[str, Any]) -> None:
    select(page, case)
    button = page.get_by_role("button", name="Cite these words")
    if "quote" not in case:
        page.wait_for_timeout(400)
        assert not button.is_visible()
        return
    button.click()
    row = page.get_by_role("dialog").locator("dl > div").first
    assert row.locator("dt").inner_text() == "Quotation"
    text = row.locator(".cite-text").inner_text()
    assert text.startswith(f"“{case['quote']}” Editors, “{case['section']} The auditor,” in AI Safety")
    url = row.get_by_role("link").first.get_attribute("href")
    assert url.startswith(f"{address}1/P9/#{case['section']}") and url in text
    directive = url.removeprefix(f"{address}1/P9/#{case['section']}")
    parts = directive.removeprefix(":~:text=").split(",") if directive else []
    assert [unquote(part) for part in parts] == case["directive"]


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_cite_link_of_the_section_takes_the_selected_words(page: Any, by: str) -> None:
    select(page, {"from": "costs, R&D", "to": "R&D"})
    link = page.get_by_role("link", name="Cite P9.5", exact=True)
    if by == "mouse":
        link.click()
    else:
        link.focus()
        page.keyboard.press("Enter")
    first = page.get_by_role("dialog").locator("dl > div").first
    assert first.locator(".cite-text").inner_text().startswith("“costs, R&D” Editors, “P9.5")


def test_cite_link_of_another_section_leaves_them(page: Any) -> None:
    select(page, {"from": "costs, R&D", "to": "R&D"})
    assert open_dialog(page, "P9.4").locator("dt").all_inner_texts() == FORMS


def test_quotation_copies_as_one_citation(page: Any, address: str) -> None:
    select(page, {"from": "names who", "to": "pays it"})
    page.get_by_role("button", name="Cite these words").click()
    page.get_by_role("button", name="Copy Quotation").click()
    page.get_by_role("status").filter(has_text="Copied.").wait_for()
    url = f"{address}1/P9/#P9.4:~:text=names%20who%20appoints%20an%20auditor%20and%20who%20pays%20it"
    copied = clipboard(page)
    assert copied["text/plain"] == (
        "“names who appoints an auditor and who pays it” "
        f"Editors, “P9.4 The auditor,” in AI Safety Policy Handbook, 1st ed. (2026), {url}."
    )
    assert f'href="{url}"' in copied["text/html"]


def test_words_of_a_changed_section_ask_to_be_checked(page: Any, address: str) -> None:
    select(page, {"from": "costs, R&D", "to": "R&D"})
    page.get_by_role("button", name="Cite these words").click()
    row = page.get_by_role("dialog").locator("dl > div").first
    check = row.get_by_text("Check these words against the edition before quoting.")
    assert check.get_by_role("link", name="the edition").get_attribute("href") == f"{address}1/P9/#P9.5"


def test_section_in_no_edition_says_so(page: Any) -> None:
    dialog = open_dialog(page, UNPUBLISHED)
    assert dialog.get_by_text("Not in an edition yet.").is_visible()
    assert dialog.locator("dt").count() == 0


@pytest.mark.parametrize("case", [case for case in PASSAGES if case.get("directive")], ids=lambda case: case["name"])
def test_address_of_the_words_brings_them_before_the_eyes(page: Any, address: str, case: dict[str, Any]) -> None:
    select(page, case)
    directive = page.evaluate("selectedPassage().directive")
    page.goto(f"{address}1/P9/#P9.2{directive}")
    page.wait_for_function("scrollY > 0")
    select(page, case)
    page.wait_for_function("""() => {
      const { top, bottom } = getSelection().getRangeAt(0).getBoundingClientRect();
      return Math.abs((top + bottom) / 2 - innerHeight / 2) < 120;  // a text fragment is brought to the middle
    }""")


def test_button_stands_beside_the_words_and_goes_with_them(page: Any) -> None:
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        select(page, {"from": "nobody knows", "to": ")"})
        button = page.get_by_role("button", name="Cite these words")
        button.wait_for()
        box = button.bounding_box()
        words = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
        assert box["y"] >= words["bottom"] or box["y"] + box["height"] <= words["top"]
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= 740 - box["height"]
        page.evaluate("getSelection().removeAllRanges()")
        button.wait_for(state="hidden")


def test_second_click_while_fetching_opens_one_dialog(page: Any) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Cite P9.4", exact=True).dblclick()
    page.get_by_role("dialog").wait_for()
    assert len(asked) == 1
    assert page.get_by_role("dialog").count() == 1


def test_other_ways_to_click_are_left_to_the_browser(page: Any) -> None:
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Cite P9.4", exact=True).click(modifiers=["Control"])
    assert opened.value.url.endswith("/id/P9.4/")
    assert page.get_by_role("dialog").count() == 0


def test_citation_page_has_copy_buttons_of_its_own(page: Any) -> None:
    page.goto("id/P9.4/")
    page.get_by_role("button", name="Copy OSCOLA").click()
    page.get_by_role("status").filter(has_text="Copied.").wait_for()
    assert clipboard(page)["text/plain"].startswith("Editors, ‘P9.4 The auditor’ <http")


def test_link_leads_to_the_page_where_scripts_are_off(browser: Any, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("principles/P9/")
    page.get_by_role("link", name="Cite P9.4", exact=True).click()
    page.wait_for_url("**/id/P9.4/")
    assert [page.get_by_text(name, exact=True).first.is_visible() for name in FORMS] == [True] * len(FORMS)
    context.close()


@pytest.mark.parametrize("fault", ["gone", "offline", "other"])
def test_link_leads_to_the_page_where_it_cannot_be_fetched(page: Any, fault: str) -> None:
    section = LOST if fault == "gone" else "P9.4"

    def answer(route: Any) -> None:
        if route.request.resource_type == "document":
            route.continue_()
        elif fault == "offline":
            route.abort()
        else:
            route.fulfill(body="<p>Please sign in.</p>", content_type="text/html")

    if fault != "gone":
        page.route("**/id/**", answer)
    page.get_by_role("link", name=f"Cite {section}", exact=True).click()
    page.wait_for_url(f"**/id/{section}/")


def test_link_leads_to_the_page_in_a_folder_of_files(page: Any, address: str, folder: Path) -> None:
    page.goto((folder / "principles" / "P9" / "index.html").as_uri())
    page.get_by_role("link", name="Cite P9.4", exact=True).click()
    page.wait_for_url("file://**/id/P9.4/index.html")
    assert page.get_by_role("heading", name="Cite P9.4, 1st ed.").is_visible()


@pytest.mark.parametrize("place", ["principles/P9/", "dark/P9/"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Any, trouble: list[str], place: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(place)
    axe = Axe()
    select(page, {"from": "costs, R&D", "to": "R&D"})
    page.get_by_role("button", name="Cite these words").wait_for()
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name="Cite these words").click()
    page.get_by_role("dialog").get_by_text("Quotation").wait_for()
    page.get_by_role("button", name="Copy Quotation").hover()
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("(box => box.scrollWidth - box.clientWidth)(document.querySelector('.cite-body'))") == 0
    assert trouble == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_citation_page(page: Any, trouble: list[str], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("id/P9.5/")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert trouble == []


def test_nothing_of_it_is_printed(page: Any) -> None:
    page.emulate_media(media="print")
    assert page.locator("a.cite:visible").count() == 0
