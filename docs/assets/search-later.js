/* The search index outweighs all else on a page, and most views never search: its request waits until somebody does.
   Stands before the theme's script, which asks for the index as soon as it runs. */
(() => {
  'use strict';
  const INDEX = '/search/search_index.json';
  const { open, send } = XMLHttpRequest.prototype;
  const held = [];
  let wanted = /[?&][hq]=/.test(location.search); // words to mark on the page, or to search for

  const release = (event) => {
    if (!event.target.matches?.('#__search, [name="query"]')) return;
    wanted = true;
    for (const request of held.splice(0)) send.call(request);
  };
  for (const kind of ['focusin', 'change', 'keyup']) document.addEventListener(kind, release, true);

  XMLHttpRequest.prototype.open = function (method, address, ...more) {
    this.ofIndex = new URL(address, location.href).pathname.endsWith(INDEX);
    return open.call(this, method, address, ...more.length ? more : [true]);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.ofIndex && !wanted) held.push(this);
    else send.call(this, body);
  };
})();
