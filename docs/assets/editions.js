/* On a page of an older edition: say so, and lead to the same section in the newest one.
   Which edition is the newest stands in versions.json beside the folders of the editions, the one file that changes. */
(() => {
  const line = document.querySelector("[data-edition-built]");
  if (!line) return;
  const own = Number(line.dataset.editionBuilt);
  const root = new URL(line.dataset.root, location.href);
  const permanent = /^[PICTS][1-9]\d*(\.[1-9]\d*)?$/;

  const show = (newest) => {
    const asked = decodeURIComponent(location.hash.slice(1));
    const id = permanent.test(asked) ? asked : line.dataset.page;
    const link = document.createElement("a");
    link.href = new URL(id ? `${newest.version}/id/${id}/` : `${newest.version}/`, root);
    link.textContent = id ? `${id} in the ${newest.title}` : `the ${newest.title}`;
    const warning = document.createElement("strong");
    warning.textContent = "There is a newer edition: ";
    line.querySelector("[data-newer]").replaceChildren(" ", warning, link, ".");
    line.closest(".md-banner")?.classList.add("edition-older");
  };

  fetch(new URL("versions.json", root))
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((versions) => {
      const newest = versions.find((one) => one.aliases.includes("newest"));
      if (!newest || Number(newest.version) <= own) return;
      show(newest);
      addEventListener("hashchange", () => show(newest));
    })
    .catch(() => {
      /* Unpacked or offline: the line still names the edition. */
    });
})();
