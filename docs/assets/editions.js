/* On a page of an older edition: say so, and lead to the same section in the newest one.
   Which edition is the newest stands in versions.json beside the folders of the editions, the one file that changes.
   Where the section stands there, or what became of it, its id's page knows. */
(() => {
  const line = document.querySelector("[data-edition-built]");
  if (!line) return;
  const own = Number(line.dataset.editionBuilt);
  const root = new URL(line.dataset.root, location.href);
  const permanent = /^[PICTS][1-9]\d*(\.[1-9]\d*)?$/;

  const show = async (newest) => {
    const asked = location.hash.slice(1);
    const id = permanent.test(asked) ? asked : line.dataset.page;
    const link = document.createElement("a");
    link.href = new URL(id ? `${newest.version}/id/${id}/` : `${newest.version}/`, root);
    link.textContent = id ? `${id} in the ${newest.title}` : `the ${newest.title}`;
    const warning = document.createElement("strong");
    warning.textContent = "There is a newer edition: ";
    line.querySelector("[data-newer]").replaceChildren(" ", warning, link, ".");
    if (!id) return;
    const answer = await fetch(link.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const place = page.querySelector(".open a")?.getAttribute("href");
    if (place) link.href = new URL(place, link.href);
    else link.textContent = `what became of ${id}, ${newest.title}`;
  };

  /* Who follows a citation comes to its section, past the line at the head: it then stands at the foot. */
  const float = () => {
    const banner = line.closest(".md-banner");
    if (!banner) return;
    const place = banner.parentElement;
    place.style.minHeight = `${place.offsetHeight}px`; // or the text would jump by a line
    new IntersectionObserver(([seen]) => banner.classList.toggle("edition-afloat", !seen.isIntersecting)).observe(place);
  };

  fetch(new URL("versions.json", root))
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((versions) => {
      const newest = versions.find((one) => one.aliases.includes("newest"));
      if (!newest || Number(newest.version) <= own) return;
      const again = () => show(newest).catch(() => {}); // the link to the id's page stands
      addEventListener("hashchange", again);
      again();
      float();
    })
    .catch(() => {
      /* Unpacked or offline: the line still names the edition. */
    });
})();
