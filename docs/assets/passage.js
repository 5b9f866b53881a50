/* The words that are selected on a page: in which section they stand, and what leads to these very words in an address
   (URL Fragment Text Directives, W3C Community Group: wicg.github.io/scroll-to-text-fragment). For cite.js. */
(() => {
  'use strict';
  const PERMANENT = /^[PICTS]\d+(\.\d+)?$/;
  const HEADINGS = 'h1, h2, h3, h4, h5, h6';
  const BLOCKS = `${HEADINGS}, p, li, dt, dd, td, th, pre, blockquote, figcaption, caption, summary, label, ` +
    'ul, ol, dl, div, section, article, main, nav, aside, header, footer, body';
  const UNREAD = '.headerlink, a.cite, .cite-dialog, .cite-words, .preview, script, style, noscript, template';
  const WORD = /[\p{L}\p{M}\p{N}]+(?:[-'’.][\p{L}\p{M}\p{N}]+)*/gu;

  /* The words of the page as a text fragment is searched in them: white space folded, a line feed between blocks.
     Those in the range are text.slice(from, to), from the text node first to the text node last. */
  function read(range) {
    const page = { text: '', from: 0, to: 0, first: null, last: null };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let line = '', block = null;
    const add = (part) => {
      const folded = part.replace(/\s+/g, ' ');
      line += !line || line.endsWith(' ') ? folded.trimStart() : folded;
    };
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent.closest(UNREAD)) continue;
      if (parent.closest(BLOCKS) !== block) {
        if (line) page.text += `${line.trimEnd()}\n`;
        line = '';
        block = parent.closest(BLOCKS);
      }
      const inside = range.intersectsNode(node);
      const start = !inside ? node.length : node === range.startContainer ? range.startOffset : 0;
      const end = inside && node === range.endContainer ? range.endOffset : node.length;
      const part = node.data.slice(start, end);
      add(node.data.slice(0, start));
      const spoken = /[\p{L}\p{N}]/u.test(part); // the full stop of the block before is not in the passage's section
      if (part.trim() && !page.to) page.from = page.text.length + line.length;
      if (spoken) page.first ??= node;
      if (spoken) page.last = node;
      add(part);
      if (part.trim()) page.to = page.text.length + line.length;
      add(node.data.slice(end));
    }
    page.text += line;
    return page;
  }

  // The sections that hold a node, innermost first: an item that contains it, a heading whose text goes on up to it.
  function sectionsOf(node) {
    const article = node.parentElement.closest('article');
    const found = [];
    let level = 7;
    for (const mark of article ? [...article.querySelectorAll(`${HEADINGS}, li[id], p[id]`)].reverse() : []) {
      const rank = mark.matches(HEADINGS) ? Number(mark.tagName[1]) : 0;
      const before = mark.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (!mark.contains(node) && !(before && rank && rank < level)) continue;
      if (mark.id === 'works-cited') return [];
      if (rank) level = rank;
      if (PERMANENT.test(mark.id)) found.push(mark);
    }
    return found;
  }

  const encoded = (words) =>
    encodeURIComponent(words).replace(/[-!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

  /* The text directive for the words i to j of all: as few as tell them from the same words earlier on the page,
     or nothing where none do. Each of its parts has to lie within one block. */
  function directive(text, all, i, j) {
    const lower = text.toLowerCase();
    const end = (n) => all[n].index + all[n][0].length;
    const words = (a, b) => text.slice(all[a].index, end(b));
    const inBlock = (a, b) => a >= 0 && b < all.length && !words(a, b).includes('\n');
    const isFirst = (a, b, after = 0) => lower.indexOf(words(a, b).toLowerCase(), after) === all[a].index;
    let a = j, b = j, before = i, after = j;
    const long = j - i >= 10 || !inBlock(i, j);
    if (long) {
      for (a = i; a + 1 < j && inBlock(i, a + 1) && (a < i + 4 || (a < i + 11 && !isFirst(i, a)));) a += 1;
      while (b - 1 > a && inBlock(b - 1, j) && (b > j - 4 || (b > j - 11 && !isFirst(b, j, end(a))))) b -= 1;
      if (!isFirst(b, j, end(a))) return '';
      after = a;
    }
    while (!isFirst(before, after) && before > i - 9 && inBlock(before - 1, a)) before -= 1;
    while (!long && !isFirst(before, after) && after < j + 9 && inBlock(before, after + 1)) after += 1;
    if (!isFirst(before, after)) return '';
    const prefix = before < i ? `${encoded(text.slice(all[before].index, all[i].index).trim())}-,` : '';
    const suffix = after > a ? `,-${encoded(text.slice(end(j), end(after)).trim())}` : '';
    return `:~:text=${prefix}${encoded(words(i, a))}${long ? `,${encoded(words(b, j))}` : ''}${suffix}`;
  }

  /* The selected words, whole ones only, with the sections that hold all of them, innermost first: {sections, quote,
     directive}; null where nothing is selected in a section. */
  window.selectedPassage = () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !document.querySelector('article a.cite')) return null;
    const { text, from, to, first, last } = read(selection.getRangeAt(0));
    const held = last ? sectionsOf(last) : [];
    const sections = first ? sectionsOf(first).filter((section) => held.includes(section)) : [];
    const all = [...text.matchAll(WORD)];
    const i = all.findIndex((word) => word.index + word[0].length > from);
    let j = i;
    while (j >= 0 && j + 1 < all.length && all[j + 1].index < to) j += 1;
    if (!sections.length || i < 0 || all[i].index >= to) return null;
    const whole = text.slice(Math.min(from, all[i].index), Math.max(to, all[j].index + all[j][0].length));
    // Within double quotation marks the marks of the page become single ones (American usage).
    const quote = whole.replace(/^[\s.,;:!?)\]”’]+|[\s(“‘[]+$/g, '').replace(/\s+/g, ' ')
      .replace(/“/g, '‘').replace(/”/g, '’').replace(/(^|[\s([—–])"/g, '$1‘').replace(/"/g, '’');
    return { sections, quote, directive: directive(text, all, i, j) };
  };
})();
