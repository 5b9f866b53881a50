/* On the map of the tensions: the page under the pointer or the focus shows its lines, the others step back. */
(() => {
  'use strict';
  const drawing = document.querySelector('.map-drawing');
  if (!drawing) return;
  const lines = [...drawing.querySelectorAll('[data-ends]')].map((line) => [line, line.dataset.ends.split(' ')]);
  const nodes = [...drawing.querySelectorAll('[data-node]')];

  function show(event) {
    const name = event.target.closest?.('[data-node]')?.dataset.node;
    const joined = new Set(name ? [name] : []);
    for (const [line, ends] of lines) {
      const own = ends.includes(name);
      line.classList.toggle('map-lit', own);
      if (own) ends.forEach((end) => joined.add(end));
    }
    for (const node of nodes) node.classList.toggle('map-lit', joined.has(node.dataset.node));
    drawing.classList.toggle('map-asked', Boolean(name));
  }

  drawing.addEventListener('pointerover', show);
  drawing.addEventListener('focusin', show);
  for (const kind of ['pointerleave', 'focusout']) drawing.addEventListener(kind, () => show({ target: drawing }));
})();
