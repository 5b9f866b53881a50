/* The Cite links of a section open their citations in a dialog; without this file they lead to the page that has them.
   Words selected in a section (passage.js says which) are quoted there. */
(() => {
  'use strict';
  const selectedPassage = () => window.selectedPassage?.() ?? null; // without passage.js there is nothing to quote
  const PATIENCE = 8000; // milliseconds before the page itself is the faster way

  const make = (name, className, properties = {}) =>
    Object.assign(document.createElement(name), { className, ...properties });

  async function copy(text, withMarkup, say) {
    const plain = text.querySelector('pre')?.textContent ?? text.textContent.replace(/[ \t\r\n]+/g, ' ').trim();
    const parts = { 'text/plain': plain, 'text/html': `<span>${text.innerHTML.trim()}</span>` };
    try {
      if (withMarkup && window.ClipboardItem && navigator.clipboard.write) {
        const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      } else {
        await navigator.clipboard.writeText(plain);
      }
      say('Copied.');
    } catch { // no clipboard outside a secure context, or the reader refused it
      document.getSelection().selectAllChildren(text);
      say(/Mac|iPhone|iPad/.test(navigator.platform) ? 'Press Cmd+C to copy.' : 'Press Ctrl+C to copy.');
    }
  }

  function addCopyButtons(section, say) {
    for (const cell of section.querySelectorAll('dd[data-form]')) {
      const text = make(cell.querySelector('pre') ? 'div' : 'span', 'cite-text');
      text.append(...cell.childNodes);
      const button = make('button', 'cite-copy', { type: 'button', textContent: 'Copy' });
      const name = cell.parentElement.querySelector('dt').textContent;
      button.setAttribute('aria-label', `Copy ${name}`);
      button.addEventListener('click', () => copy(text, !['link', 'bibtex'].includes(cell.dataset.form), say));
      cell.append(text, button);
    }
  }

  // The passage and the Chicago note, with the address of the words in the edition.
  function addQuotation(section, passage) {
    const { url } = section.dataset;
    const note = section.querySelector('[data-form="chicago-note"]');
    if (!passage || !url || !note) return;
    const address = passage.directive ? `${url}${url.includes('#') ? '' : '#'}${passage.directive}` : url;
    const cell = make('dd', '');
    cell.dataset.form = 'quotation';
    cell.append(`“${passage.quote}” `, ...note.cloneNode(true).childNodes);
    for (const link of cell.querySelectorAll('a')) {
      if (link.getAttribute('href') === url) Object.assign(link, { href: address, textContent: address });
    }
    const row = make('div', '');
    row.append(make('dt', '', { textContent: 'Quotation' }), cell);
    if (section.querySelector('.cite-note.changed')) {
      const check = make('dd', 'cite-check');
      const edition = make('a', '', { href: url, textContent: 'the edition' });
      check.append('Check these words against ', edition, ' before quoting.');
      row.append(check);
    }
    section.querySelector('dl').prepend(row);
  }

  function announcer(status) {
    return (words) => {
      status.textContent = ''; // the same words twice are read out twice
      setTimeout(() => { status.textContent = words; }, 50);
    };
  }

  let dialog, opener, link;
  function show(section, passage) {
    if (!dialog) {
      const foot = make('div', 'cite-foot');
      const close = make('button', 'cite-close', { type: 'button', textContent: 'Close' });
      foot.append(make('p', 'cite-status'), close);
      foot.firstChild.setAttribute('role', 'status');
      dialog = make('dialog', 'cite-dialog');
      dialog.setAttribute('aria-labelledby', 'cite-heading');
      dialog.append(make('div', 'cite-body'), foot);
      document.body.append(dialog);
      let pressed = null; // words selected up to the backdrop end in a click there as well
      dialog.addEventListener('pointerdown', (event) => { pressed = event.target; });
      dialog.addEventListener('click', (event) => {
        if (event.target === close || (event.target === dialog && pressed === dialog)) dialog.close();
      });
      // The theme turns pages on single letters.
      dialog.addEventListener('keydown', (event) => event.stopPropagation());
      dialog.addEventListener('close', () => (opener.hidden ? link : opener).focus({ preventScroll: true }));
    }
    const heading = Object.assign(section.querySelector('h2'), { id: 'cite-heading', tabIndex: -1 });
    const status = dialog.querySelector('.cite-status');
    status.textContent = '';
    addQuotation(section, passage);
    addCopyButtons(section, announcer(status));
    dialog.firstChild.replaceChildren(section);
    dialog.showModal();
    dialog.firstChild.scrollTop = 0;
    heading.focus();
  }

  let fetching = false;
  async function open(passage) {
    if (fetching) return;
    fetching = true;
    link.setAttribute('aria-busy', 'true');
    const local = location.protocol === 'file:'; // where no server adds the name of a folder's page
    const page = local && link.href.endsWith('/') ? `${link.href}index.html` : link.href;
    try {
      if (local) throw new TypeError('files cannot be fetched');
      const response = await fetch(page, { mode: 'same-origin', signal: AbortSignal.timeout(PATIENCE) });
      if (!response.ok) throw new TypeError(`status ${response.status}`);
      const parsed = new DOMParser().parseFromString(await response.text(), 'text/html');
      const section = parsed.querySelector('section.cite-forms');
      for (const anchor of section.querySelectorAll('a[href]')) {
        anchor.setAttribute('href', new URL(anchor.getAttribute('href'), response.url).href);
      }
      show(section, passage);
    } catch { // whatever fails here, the page itself is still the answer
      location.assign(page);
    }
    link.removeAttribute('aria-busy');
    fetching = false;
  }

  const button = make('button', 'cite-words', { type: 'button', textContent: 'Cite these words', hidden: true });
  let held = null, pressing = false, timer = 0;

  function place() {
    const passage = pressing ? null : selectedPassage();
    button.hidden = !passage;
    if (!passage) return;
    if (!button.isConnected) document.body.append(button);
    const lines = [...document.getSelection().getRangeAt(0).getClientRects()].filter((line) => line.width);
    const { offsetWidth: width, offsetHeight: height } = button;
    const gap = matchMedia('(pointer: coarse)').matches ? 32 : 8; // leaves room for the handles of a selection
    const below = lines[lines.length - 1].bottom + gap, above = lines[0].top - gap - height;
    const lowest = innerHeight - height - 8;
    const top = below <= lowest ? Math.max(below, 8) : above >= 8 && above <= lowest ? above : lowest;
    const left = Math.min(lines[lines.length - 1].right - width, document.documentElement.clientWidth - width - 8);
    button.style.top = `${top + scrollY}px`;
    button.style.left = `${Math.max(left, 8) + scrollX}px`;
  }
  const settle = () => { clearTimeout(timer); timer = setTimeout(place, 200); };

  // A press on the link ends the selection before the click comes.
  const hold = (event) => { held = event.target.closest?.('a.cite, .cite-words') ? selectedPassage() : null; };
  document.addEventListener('pointerdown', (event) => {
    hold(event);
    pressing = event.target !== button;
  }, true);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') hold(event);
  }, true);
  for (const name of ['pointerup', 'pointercancel']) {
    document.addEventListener(name, () => { pressing = false; settle(); }, true);
  }
  document.addEventListener('selectionchange', settle);
  addEventListener('resize', settle);
  button.addEventListener('mousedown', (event) => event.preventDefault());

  document.addEventListener('click', (event) => {
    const clicked = event.target.closest?.('a.cite, .cite-words');
    if (!clicked || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (clicked !== button) event.preventDefault();
    if (fetching) return;
    const passage = held || selectedPassage();
    const section = clicked === button ? passage?.sections[0] : clicked.closest('[id]');
    const target = clicked === button ? section?.querySelector('a.cite') : clicked;
    if (!target) return;
    [opener, link] = [clicked, target];
    open(passage?.sections.includes(section) ? passage : null);
  });

  // On the page of a section's citations they stand in the open: only the buttons are added.
  for (const section of document.querySelectorAll('section.cite-forms')) {
    const status = make('p', 'cite-status');
    status.setAttribute('role', 'status');
    section.append(status);
    addCopyButtons(section, announcer(status));
  }
})();
