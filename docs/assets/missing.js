/* On the page for what is missing: what the address says goes into the search field, and an id in it is linked. */
(() => {
  'use strict';
  const form = document.querySelector('.missing-search');
  if (!form) return;
  const root = new URL(form.action).pathname;
  const { hash, pathname } = location;
  // A fragment names the place more closely. A host may show this page of one edition at any address of the others.
  let path = `${hash} ${pathname.startsWith(root) ? pathname.slice(root.length) : pathname.replace(/^\/(?:\d+|latest)\//, '')}`;
  try { path = decodeURIComponent(path); } catch { /* a lone % is no code */ }
  const id = path.match(/(?<![\p{L}\p{N}])[PICTS][1-9]\d*(?:\.[1-9]\d*)?(?![\p{L}\p{N}])/iu)?.[0].toUpperCase();
  form.elements.q.value = id || path.replace(/(?:\b404)?\.html?$/, '').replace(/[^\p{L}\p{N}.’']+/gu, ' ').trim();
  if (!id) return;

  const line = document.querySelector('.missing-id');
  const link = line.querySelector('a');
  link.href = `${root}id/${id}/`;
  link.textContent = id;
  fetch(link.href, { method: 'HEAD' }).then(({ ok }) => { line.hidden = !ok; }).catch(() => {});
})();
