/* What a link leads to, shown before it is followed: a section's first words, a citation's reference, a term's
   explanation. On hover and on keyboard focus; touch follows the link at once. previews.py makes the data, which are
   loaded on first use, by a script element because pages opened from a disk may not fetch. */
(() => {
  'use strict';
  const HOVER = 350, GRACE = 300; // milliseconds before it opens, and to cross over into it
  const GAP = 8, EDGE = 8; // pixels between link and preview, and to the edge of the window
  const SILENT = '.headerlink, .cite, .all-citations, .md-content__button, .footnote-ref, .footnote-backref, ' +
    '.map-drawing a'; // it would lie over the lines that the map shows, and a drawing's titles cannot be taken
  const article = document.querySelector('article.md-content__inner');
  if (!article) return;
  const root = new URL('../', document.currentScript.src);

  const make = (name, className, ...children) => {
    const made = Object.assign(document.createElement(name), { className });
    made.append(...children);
    return made;
  };
  const preview = Object.assign(make('div', 'preview'), { id: 'handbook-preview', role: 'tooltip' });
  const NOTHING = { pages: {}, gone: {}, works: {}, grades: {}, terms: {} };

  let loading = null;
  const load = () => {
    loading ??= new Promise((done, fail) => {
      const script = make('script', '');
      script.addEventListener('load', () => done(window.handbookPreviews));
      script.addEventListener('error', () => { loading = null; fail(); });
      script.src = new URL('assets/previews-data.js', root).href;
      document.head.append(script);
    });
    return loading;
  };

  // The part of an address below the site's root and its fragment; null where it leads elsewhere.
  function within(link) {
    const href = link.getAttribute('href'); // in a drawing the property is none
    if (!href || !URL.canParse(href, document.baseURI)) return null;
    const url = new URL(href, document.baseURI);
    const address = `${url.protocol}//${url.host}${url.pathname}`.replace(/(^|\/)index\.html$/, '$1');
    return address.startsWith(root.href) ? { path: address.slice(root.href.length), fragment: url.hash.slice(1) } : null;
  }

  function idOf(link, data) {
    if (link.dataset.section) return link.dataset.section;
    const to = within(link);
    if (!to) return '';
    const asked = /^id\/([^/]+)\/?$/.exec(to.path);
    if (asked) return asked[1];
    const page = Object.keys(data.pages).find((id) => data.pages[id][0] === to.path) ?? '';
    if (!to.fragment || !page) return page;
    return to.fragment === page || data.pages[page][6][to.fragment] ? to.fragment : '';
  }

  const changed = (words) => (words ? [make('p', 'preview-changed', words)] : []);

  function ofSection(id, data) {
    if (data.gone[id]) {
      const [title, fate] = data.gone[id];
      return [make('p', 'preview-title', `${id} ${title}`), make('p', 'preview-fate', fate)];
    }
    const owner = data.pages[id] ? id : Object.keys(data.pages).find((page) => data.pages[page][6][id]);
    if (!owner) return null;
    const [, pageTitle, pageKind, state, pageChange, pageWords, parts] = data.pages[owner];
    const [kind, title, change, words] = parts[id] ?? [pageKind, pageTitle, pageChange, pageWords];
    const named = kind === 'item' ? `${id}, under “${title}”` : `${id} ${title}`;
    const of = id === owner ? kind : `${kind === 'item' ? 'Item' : 'Section'} of ${owner} ${pageTitle}`;
    return [
      make('p', 'preview-kind', `${of} · ${state}`),
      make('p', 'preview-title', named),
      make('p', '', words),
      ...changed(change),
    ];
  }

  function ofCitation(link, data) {
    const { key } = link.dataset;
    const listed = document.getElementById(`work-${key}`)?.cloneNode(true);
    const reference = make('p', '');
    listed?.querySelector('.all-citations')?.remove();
    for (const one of listed?.querySelectorAll('a') ?? []) one.replaceWith(...one.childNodes);
    reference.append(...(listed?.childNodes ?? [link.dataset.said ?? '']));
    const grade = data.works[key];
    return [reference, ...(grade ? [make('p', 'preview-kind', `Evidence grade ${grade}: ${data.grades[grade]}.`)] : [])];
  }

  function ofTerm(link, data) {
    const [term, words] = data.terms[link.dataset.term ?? within(link)?.fragment] ?? ['', link.dataset.said];
    return words ? [...(term ? [make('p', 'preview-title', term)] : []), make('p', '', words)] : null;
  }

  function contents(link, data) {
    if (link.matches('.term')) return ofTerm(link, data);
    if (link.matches('.citation')) return ofCitation(link, data);
    const id = idOf(link, data);
    return id && ofSection(id, data);
  }

  const found = (target) => {
    const link = target.closest?.('a[href], .term');
    return link && article.contains(link) && !preview.contains(link) && !link.matches(SILENT) ? link : null;
  };

  // Below the whole link, or above it where there is more room: never on it.
  function place(link, x) {
    const lines = [...link.getClientRects()];
    if (!lines.length) return;
    const line = lines.find((one) => x >= one.left && x <= one.right) ?? lines[0];
    const whole = link.getBoundingClientRect();
    const bar = document.querySelector('.md-header')?.getBoundingClientRect();
    const roof = bar && getComputedStyle(document.querySelector('.md-header')).position === 'sticky' ? bar.bottom : 0;
    const above = whole.top - roof - GAP - EDGE, below = innerHeight - whole.bottom - GAP - EDGE;
    preview.style.maxHeight = '';
    const under = below >= preview.offsetHeight || below >= above;
    preview.style.maxHeight = `${Math.max(under ? below : above, 48)}px`;
    const { offsetWidth: width, offsetHeight: height } = preview;
    const left = Math.min(x == null ? line.left : x - 24, document.documentElement.clientWidth - width - EDGE);
    const base = preview.offsetParent?.getBoundingClientRect() ?? { left: -scrollX, top: -scrollY };
    preview.style.left = `${Math.max(left, EDGE) - base.left}px`;
    preview.style.top = `${(under ? whole.bottom + GAP : whole.top - GAP - height) - base.top}px`;
  }

  let shown = null, wanted = null, timer = 0;
  function hide() {
    clearTimeout(timer);
    wanted = null;
    shown?.removeAttribute('aria-describedby');
    shown = null;
    preview.remove();
  }

  function open(link, x) {
    const fill = (data) => {
      if (wanted !== link) return;
      const parts = contents(link, data);
      hide();
      if (!parts) return;
      wanted = shown = link;
      preview.replaceChildren(...parts);
      article.parentElement.append(preview); // in the main part of the page, for whoever reads by landmarks
      link.setAttribute('aria-describedby', preview.id);
      place(link, x);
    };
    wanted = link;
    if (window.handbookPreviews) fill(window.handbookPreviews);
    else load().then(fill, () => fill(NOTHING)); // references and explanations stand in the page too
  }

  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch' || event.buttons) return;
    if (preview.contains(event.target)) { clearTimeout(timer); wanted = shown; return; }
    const link = found(event.target);
    if (link === wanted && link) { clearTimeout(timer); if (link !== shown) later(link, event.clientX); return; }
    clearTimeout(timer);
    if (link) later(link, event.clientX);
    else if (shown && !shown.matches(':focus-visible')) timer = setTimeout(hide, GRACE);
    else if (!shown) wanted = null;
  });
  function later(link, x) {
    load().catch(() => {});
    wanted = link;
    timer = setTimeout(() => open(link, x), HOVER);
  }
  document.documentElement.addEventListener('pointerleave', () => {
    clearTimeout(timer);
    if (!shown?.matches(':focus-visible')) timer = setTimeout(hide, GRACE);
  });

  document.addEventListener('focusin', (event) => {
    const link = found(event.target);
    if (link?.matches(':focus-visible')) { clearTimeout(timer); open(link); } else if (shown) hide();
  });
  document.addEventListener('focusout', (event) => { if (event.target === wanted) hide(); });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !shown) return;
    event.stopPropagation();
    hide();
  }, true);
  document.addEventListener('pointerdown', (event) => { if (!preview.contains(event.target)) hide(); }, true);
  document.addEventListener('click', (event) => { if (!preview.contains(event.target)) hide(); }, true);
  // A part that scrolls by itself takes the link away from under its preview.
  document.addEventListener('scroll', (event) => {
    if (shown && event.target !== document && event.target.contains?.(shown)) hide();
  }, true);
  addEventListener('resize', hide);

  // One preview, not two: browsers show every title themselves.
  for (const link of article.querySelectorAll('a[href][title]')) {
    if (!found(link) || !within(link)) continue;
    link.dataset.said = link.title;
    link.removeAttribute('title');
  }
})();
