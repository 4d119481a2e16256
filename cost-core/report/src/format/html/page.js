(() => {
"use strict";
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const make = (tag, props = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children);
  return element;
};
const byId = (id) => document.getElementById(id);

// Theme: the system's, until the reader chooses one.
const root = document.documentElement;
const theme = byId("theme");
const stored = (value) => {
  try {
    if (value) localStorage.setItem("theme", value);
    return localStorage.getItem("theme");
  } catch { return null; }
};
const isDark = () => root.dataset.theme === "dark" || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
const named = () => {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-label", `Use the ${isDark() ? "light" : "dark"} theme`);
};
if (["light", "dark"].includes(stored())) root.dataset.theme = stored();
theme.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  stored(root.dataset.theme);
  named();
});
named();
all(".tools").forEach((tools) => { tools.hidden = false; });

// Copying, with a fallback for pages that are not in a secure context.
const copy = async (text, button) => {
  const label = (button.dataset.l ??= button.textContent);
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { value: text });
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = done ? "Copied" : "Not copied";
  setTimeout(() => { button.textContent = label; }, 1500);
};
const button = (label, act, props = {}) => {
  const made = make("button", { type: "button", textContent: label, ...props });
  made.addEventListener("click", () => act(made));
  return made;
};

// Values: the exact one, or the text of the cell.
const NUMBER = /^[+-]?[\d,]+(\.\d+)?$/;
const value = (cell) => {
  if (!cell || cell.classList.contains("u")) return "";
  if (cell.dataset.v !== undefined) return cell.dataset.v;
  const text = cell.textContent.trim();
  return NUMBER.test(text) && cell.classList.contains("n") ? text.replace(/,/g, "").replace(/^\+/, "") : text;
};
// Text that a spreadsheet would run as a formula is marked as text.
const field = (text) => {
  const safe = /^[\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};
const RANK = { none: 0, low: 1, medium: 2, high: 3, critical: 4 };
const compare = (a, b) => {
  if (Object.hasOwn(RANK, a) && Object.hasOwn(RANK, b)) return RANK[a] - RANK[b];
  const [x, y] = [a, b].map(Number);
  if (a === "" || b === "") return (a === "") - (b === "");
  return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en", { numeric: true }) : x - y;
};

const LEAST_ROWS = 4;
let query = "";
class Grid {
  constructor(table) {
    this.table = table;
    this.box = table.parentElement;
    this.rows = Array.from(table.tBodies[0].rows);
    this.order = this.rows;
    this.heads = table.tHead ? Array.from(table.tHead.rows[0].cells) : [];
    this.limit = Number(table.dataset.n) || Infinity;
    this.chosen = new Map();
    this.caption = table.caption.textContent;
    if (this.rows.length >= LEAST_ROWS && table.tHead) this.bar();
    if (table.classList.contains("s")) this.heads.forEach((head, at) => this.sorts(head, at));
    if (this.limit < this.rows.length) {
      this.more = button("", () => { this.limit = this.limit === Infinity ? Number(table.dataset.n) : Infinity; this.show(); });
      this.note = make("div", { className: "more" }, this.more);
      this.box.after(this.note);
    }
    this.show();
  }
  bar() {
    const bar = make("div", { className: "tb" });
    this.heads.forEach((head, at) => {
      if (head.dataset.f === undefined) return;
      const values = [...new Set(this.rows.map((row) => value(row.cells[at])))].sort(compare);
      if (values.length < 2) return;
      const select = make("select", {}, make("option", { value: "*", textContent: "all" }),
        ...values.map((text) => make("option", { value: `=${text}`, textContent: text || "(none)" })));
      select.addEventListener("change", () => { this.chosen.set(at, select.value); this.show(); });
      bar.classList.add("sf");
      bar.append(make("label", {}, head.textContent, select));
    });
    this.count = make("span", { className: "cn" });
    bar.append(this.count, make("span", { className: "sp" }),
      button("Copy CSV", (b) => copy(this.csv(), b), { ariaLabel: `Copy CSV: ${this.caption}` }));
    this.box.before(bar);
  }
  sorts(head, at) {
    if (head.tagName !== "TH") return;
    const sort = make("button", { type: "button", className: "so", textContent: head.textContent });
    head.replaceChildren(sort);
    sort.addEventListener("click", () => {
      const first = head.classList.contains("n") ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      const now = head.getAttribute("aria-sort");
      const next = now === first ? second : now === second ? null : first;
      this.heads.forEach((other) => other.removeAttribute("aria-sort"));
      this.order = this.rows;
      if (next) {
        head.setAttribute("aria-sort", next);
        const sign = next === "ascending" ? 1 : -1;
        const keys = new Map(this.rows.map((row) => [row, value(row.cells[at])]));
        this.order = [...this.rows].sort((a, b) => {
          const [x, y] = [keys.get(a), keys.get(b)];
          return x === "" || y === "" ? compare(x, y) : sign * compare(x, y);
        });
      }
      this.table.tBodies[0].append(...this.order);
      this.show();
    });
  }
  matches(row) {
    for (const [at, wanted] of this.chosen) {
      if (wanted !== "*" && wanted !== `=${value(row.cells[at])}`) return false;
    }
    if (!query) return true;
    row.words ??= row.textContent.toLowerCase();
    return row.words.includes(query);
  }
  show() {
    const found = this.order.filter((row) => this.matches(row));
    const limit = query ? Infinity : this.limit;
    const shown = new Set(found.slice(0, limit));
    for (const row of this.rows) {
      const hide = !shown.has(row);
      if (row.hidden !== hide) row.hidden = hide;
    }
    this.found = found;
    this.empty = found.length === 0;
    if (this.count) this.count.textContent = found.length === this.rows.length ? "" : `${found.length} of ${this.rows.length} rows`;
    if (this.more) {
      const rest = found.length - shown.size;
      this.note.hidden = query !== "" || (rest === 0 && this.limit !== Infinity);
      this.more.textContent = rest > 0 ? `Show ${rest} more` : "Show fewer";
    }
    this.panels();
  }
  // Panels of rows that are filtered out are not shown.
  panels() {
    if (this.chosen.size === 0) return;
    const found = new Set(this.found);
    this.links ??= all('.id a[href^="#"]', this.table).map((a) => [a.closest("tr"), byId(a.hash.slice(1))?.closest(".pn")]);
    for (const [row, panel] of this.links) {
      if (!panel) continue;
      if (query === "") panel.out = !found.has(row);
      panel.hidden = panel.out === true;
    }
  }
  csv() {
    const line = (cells) => cells.map(field).join(",");
    const rows = this.found.map((row) => line(Array.from(row.cells, value)));
    return [line(this.heads.map((head) => head.textContent)), ...rows].join("\n") + "\n";
  }
  fits() {
    const fits = this.box.scrollWidth <= this.box.clientWidth + 1;
    this.box.classList.toggle("fit", fits);
    if (fits) this.box.removeAttribute("tabindex"); else this.box.tabIndex = 0;
  }
}
const grids = all(".t > table").map((table) => new Grid(table));
const refit = () => {
  grids.forEach((grid) => grid.box.classList.remove("fit"));
  const fits = grids.map((grid) => grid.box.offsetParent === null || grid.box.scrollWidth <= grid.box.clientWidth + 1);
  grids.forEach((grid, at) => {
    grid.box.classList.toggle("fit", fits[at]);
    if (fits[at]) grid.box.removeAttribute("tabindex"); else grid.box.tabIndex = 0;
  });
};
refit();
let wait;
addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(refit, 150); });
document.addEventListener("toggle", (event) => {
  all(".t > table", event.target).forEach((table) => grids.find((grid) => grid.table === table)?.fits());
}, true);

// Search: rows and panels with the text; sections without any are hidden.
const search = byId("q");
const hits = byId("hits");
const panels = all(".pn");
const sections = all("main section");
const look = () => {
  query = search.value.trim().toLowerCase();
  grids.forEach((grid) => grid.show());
  let count = 0;
  for (const panel of panels) {
    panel.words ??= panel.textContent.toLowerCase();
    panel.hidden = query === "" ? panel.out === true : !panel.words.includes(query);
  }
  for (const section of sections) {
    section.words ??= section.textContent.toLowerCase();
    section.hidden = query !== "" && !section.words.includes(query);
  }
  if (query) {
    grids.forEach((grid) => { count += grid.found.length; });
    hits.textContent = `${count} row${count === 1 ? "" : "s"}`;
  } else {
    hits.textContent = "";
  }
};
let typing;
search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(look, 60); });
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { search.value = ""; look(); }
});

// Panels: links open them, and one button opens all.
const reveal = () => {
  let target = null;
  try { target = byId(decodeURIComponent(location.hash.slice(1))); } catch { return; }
  if (!target || target.id === "main") return;
  let closed = false;
  for (let at = target; at; at = at.parentElement) {
    at.hidden = false;
    if (at.tagName === "DETAILS" && !at.open) { at.open = true; closed = true; }
  }
  (target.closest(".pn") ?? target).scrollIntoView();
  if (closed) target.closest(".pn")?.querySelector("summary").focus({ preventScroll: true });
};
addEventListener("hashchange", reveal);
if (location.hash) reveal();
const folds = (list, items) => {
  const toggle = button("Open all", (b) => {
    const open = b.textContent === "Open all";
    items.forEach((item) => { item.open = open; });
    b.textContent = open ? "Close all" : "Open all";
  });
  list.before(make("div", { className: "tb" }, make("span", { className: "sp" }), toggle));
};
all(".pns").forEach((list) => {
  const items = all(":scope > .pn", list);
  if (items.length > 1) folds(list, items);
});
all("figure > .tr").forEach((list) => {
  const items = all("details", list);
  if (items.length > 1) folds(list, items);
});
all(".co").forEach((box) => {
  const pre = box.querySelector("pre");
  box.append(button("Copy", (b) => copy(pre.textContent + "\n", b), { ariaLabel: "Copy these lines" }));
});

// Tooltips of charts and of column titles, by pointer and by keyboard.
const tip = make("div", { className: "tip", id: "tip", hidden: true });
tip.setAttribute("role", "tooltip");
document.body.append(tip);
let owner = null;
let leaving;
const textOf = (mark) => {
  const title = mark.querySelector(":scope > title");
  if (title) {
    mark.setAttribute("aria-label", title.textContent.replace(/\n/g, "; "));
    mark.dataset.h = title.textContent;
    title.remove();
  }
  return mark.dataset.h;
};
const hide = () => {
  tip.hidden = true;
  owner?.querySelector(".so")?.removeAttribute("aria-describedby");
  owner = null;
};
const show = (mark) => {
  clearTimeout(leaving);
  const text = textOf(mark);
  if (!text || owner === mark) return;
  hide();
  owner = mark;
  tip.textContent = text;
  tip.hidden = false;
  mark.querySelector(".so")?.setAttribute("aria-describedby", "tip");
  const at = mark.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - own.width / 2), innerWidth - own.width - 8);
  const above = at.top - own.height - 6;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 56 ? above : Math.min(at.bottom + 6, innerHeight - own.height - 8)}px`;
};
const marked = (event) => event.target.closest?.(".h, [data-h]");
document.addEventListener("pointerover", (event) => {
  const mark = marked(event);
  if (mark) show(mark);
  else if (owner && event.target.closest?.(".tip")) clearTimeout(leaving);
  else if (owner && !owner.contains(document.activeElement)) { clearTimeout(leaving); leaving = setTimeout(hide, 150); }
});
document.addEventListener("focusin", (event) => {
  const mark = marked(event);
  if (mark) show(mark); else hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  const mark = event.target.closest?.(".h");
  if (!mark) return;
  const marks = all(":scope > .h", mark.parentElement);
  const at = marks.indexOf(mark);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: marks.length - 1 }[event.key];
  if (next === undefined || !marks[next]) return;
  event.preventDefault();
  mark.setAttribute("tabindex", "-1");
  marks[next].setAttribute("tabindex", "0");
  marks[next].focus();
});
addEventListener("scroll", () => { if (owner && !owner.contains(document.activeElement)) hide(); }, { passive: true });

// Navigation: the section that is read.
const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
const headings = all("main h1, main section > h2").filter((heading) => links.has(heading.id));
let current = null;
const follow = () => {
  const line = innerHeight * 0.3;
  let read = headings[0];
  for (const heading of headings) {
    if (heading.getBoundingClientRect().top > line) break;
    read = heading;
  }
  const link = read && links.get(read.id);
  if (link === current) return;
  current?.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
  const list = link?.closest("ul");
  if (list && current) {
    const [box, own] = [list, link].map((element) => element.getBoundingClientRect());
    if (own.left < box.left || own.right > box.right) list.scrollLeft += own.left - box.left - 16;
    if (own.top < box.top || own.bottom > box.bottom) list.scrollTop += own.top - box.top - 48;
  }
  current = link;
};
let due = false;
addEventListener("scroll", () => {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; follow(); });
}, { passive: true });
follow();
})();
