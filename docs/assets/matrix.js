/* Filters the matrix by verdict, principle and instrument. What is chosen stands in the address, so that it can be
   shared; nothing chosen in a group means all of it. Without this file the whole table shows. */
(() => {
  'use strict';
  const form = document.querySelector('.matrix-filter');
  if (!form) return;
  const table = document.querySelector('.matrix-table');
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const all = form.querySelector('button');
  const names = ['verdict', 'principle', 'instrument'];
  const many = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

  function apply() {
    const data = new FormData(form);
    const chosen = Object.fromEntries(names.map((name) => [name, data.getAll(name)]));
    const asked = (name, value) => !chosen[name].length || chosen[name].includes(value);
    const columns = heads.map((head) => (head.dataset.instrument && asked('instrument', head.dataset.instrument) ? 0 : -1));
    let found = 0;
    let total = 0;
    let down = 0;
    for (const row of rows) {
      let inRow = 0;
      for (const cell of [...row.cells].slice(1)) {
        const link = cell.firstElementChild;
        if (!link) continue;
        total += 1;
        const shown = columns[cell.cellIndex] >= 0 && asked('principle', row.dataset.principle) && asked('verdict', cell.dataset.verdict);
        link.hidden = !shown;
        if (shown) {
          inRow += 1;
          columns[cell.cellIndex] += 1;
        }
      }
      row.hidden = !inRow;
      if (inRow) down += 1;
      found += inRow;
    }
    heads.forEach((head, at) => {
      if (!at) return;
      for (const row of [table.tHead.rows[0], ...rows]) row.cells[at].hidden = columns[at] < 1;
    });
    const across = columns.filter((count) => count > 0).length;
    table.hidden = !found;
    const filtered = names.some((name) => chosen[name].length);
    form.querySelector('[role=status]').textContent = found
      ? `${filtered ? `${found} of ${many(total, 'verdict')}` : `All ${many(total, 'verdict')}`}: ${many(down, 'principle')}, ${many(across, 'instrument')}.`
      : `None of ${many(total, 'verdict')} fits.`;
    all.hidden = !filtered;
    for (const name of names.slice(1)) form.querySelector(`[data-chosen=${name}]`).textContent = chosen[name].join(', ') || 'all';
    return chosen;
  }

  function share(chosen) {
    const url = new URL(location.href);
    for (const name of names) {
      url.searchParams.delete(name);
      for (const value of chosen[name]) url.searchParams.append(name, value);
    }
    history.replaceState(history.state, '', url);
  }

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', () => share(apply()));
  all.addEventListener('click', () => {
    for (const box of form.querySelectorAll('input')) box.checked = false;
    form.querySelector('input').focus(); // the button is about to go
    share(apply());
  });

  const query = new URLSearchParams(location.search);
  for (const box of form.querySelectorAll('input')) box.checked = query.getAll(box.name).includes(box.value);
  form.hidden = false;
  apply();
})();
