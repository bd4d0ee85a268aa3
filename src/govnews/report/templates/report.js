"use strict";
// The error browser. Offsets count code points, strings count UTF-16 units: texts are split into code points first.
const SENTENCES = JSON.parse(document.getElementById("data").textContent);
const PAGE = 30;
const SVG = "http://www.w3.org/2000/svg";
const list = document.getElementById("sentences");
const more = document.getElementById("more");
const filters = ["kind", "label", "search"].map((id) => document.getElementById(id));
let chosen = [];

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Entities as nested elements; one that crosses the border of another is cut there.
function markText(points, entities) {
  const root = element("div", "text");
  const places = entities.map((_, number) => number)
    .sort((a, b) => entities[a][0] - entities[b][0] || entities[b][1] - entities[a][1]);
  const open = [{ node: root, end: points.length }];
  let at = 0;
  const write = (to) => {
    while (open.length > 1 && open[open.length - 1].end <= to) {
      const closing = open.pop();
      append(closing.node, closing.end);
      closing.node.append(element("sub", "", closing.label));
    }
    append(open[open.length - 1].node, to);
  };
  const append = (node, to) => {
    if (to > at) node.append(points.slice(at, to).join(""));
    at = Math.max(at, to);
  };
  for (const place of places) {
    const [start, end, label, right] = entities[place];
    write(start);
    const node = element("span", `entity ${right ? "right" : "wrong"}`);
    if (/^\w+$/.test(label)) node.classList.add(label);
    node.dataset.place = place;
    node.title = `${label} ${start}–${end}`;
    const parent = open[open.length - 1];
    parent.node.append(node);
    open.push({ node, end: Math.min(end, parent.end), label });
  }
  write(points.length);
  return root;
}

function drawRelations(root, relations) {
  root.querySelector("svg")?.remove();
  if (!relations.length) return;
  const frame = root.getBoundingClientRect();
  const svg = document.createElementNS(SVG, "svg");
  const anchor = (place) => {
    const box = root.querySelector(`[data-place="${place}"]`).getClientRects()[0];
    return { x: box.left - frame.left + box.width / 2, y: box.top - frame.top };
  };
  for (const [head, tail, label, right] of relations) {
    const from = anchor(head);
    const to = anchor(tail);
    const lift = Math.min(24, 9 + Math.abs(from.x - to.x) / 16);
    const top = Math.min(from.y, to.y) - lift;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${from.x},${from.y} C${from.x},${top} ${to.x},${top} ${to.x},${to.y}` +
      ` m-3,-5 l3,5 l3,-5`);
    const name = document.createElementNS(SVG, "text");
    name.setAttribute("x", (from.x + to.x) / 2);
    name.setAttribute("y", (from.y + to.y) / 8 + 0.75 * top + 3);
    name.textContent = label;
    for (const node of [path, name]) {
      if (!right) node.setAttribute("class", "wrong");
      svg.append(node);
    }
  }
  root.append(svg);
}

function show(sentence) {
  const box = element("article", "sentence");
  const header = element("header");
  header.append(element("span", "", `${sentence.document}, from character ${sentence.start}`));
  for (const [kind, label] of sentence.marks) header.append(element("span", "mark", `${kind} · ${label}`));
  box.append(header);
  const points = Array.from(sentence.text);
  const drawings = [];
  for (const { name, entities, relations } of sentence.rows) {
    const row = element("div", "row");
    const text = markText(points, entities);
    row.append(element("div", "name", name), text);
    box.append(row);
    drawings.push(() => drawRelations(text, relations));
  }
  box.draw = () => drawings.forEach((draw) => draw());
  list.append(box);
  box.draw();
}

function showMore() {
  const shown = list.children.length;
  chosen.slice(shown, shown + PAGE).forEach(show);
  more.hidden = list.children.length >= chosen.length;
}

function filter() {
  const [kind, label, words] = filters.map((input) => input.value);
  chosen = SENTENCES.filter((sentence) =>
    sentence.marks.some((mark) => (!kind || mark[0] === kind) && (!label || mark[1] === label)) &&
    (!words || sentence.text.includes(words) || sentence.document.includes(words)));
  document.getElementById("count").textContent = `${chosen.length} of ${SENTENCES.length} sentences`;
  list.replaceChildren();
  showMore();
}

document.getElementById("filters").addEventListener("input", filter);
document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", showMore);
window.addEventListener("resize", () => [...list.children].forEach((box) => box.draw()));
filter();
