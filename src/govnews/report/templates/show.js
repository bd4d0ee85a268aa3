"use strict";
const DATA = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";
const canvas = document.getElementById("canvas");
const arrows = document.getElementById("arrows");
const body = document.querySelector("tbody");
const rows = [...body.rows];
const filters = ["search", "organisation", "source"].map((id) => document.getElementById(id));
const column = Object.fromEntries(DATA.fields.map((name, at) => [name, at]));
const fact = (row) => DATA.rows[Number(row.id.slice(1))];
const smooth = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
const links = new Map();
for (const link of DATA.relations) {
  for (const end of link.slice(0, 2)) links.set(end, [...(links.get(end) ?? []), link]);
}

// Relations of what is pointed at.
function point(mark) {
  unpoint();
  const own = links.get(mark.id) ?? [];
  if (!own.length) return;
  canvas.classList.add("pointing");
  mark.classList.add("linked");
  const frame = canvas.getBoundingClientRect();
  const anchor = (id) => {
    const box = document.getElementById(id).getClientRects()[0];
    return { x: box.left - frame.left + box.width / 2, y: box.top - frame.top };
  };
  for (const [head, tail, label] of own) {
    if (![head, tail].every((id) => document.getElementById(id))) continue;
    for (const id of [head, tail]) document.getElementById(id).classList.add("linked");
    const [from, to] = [anchor(head), anchor(tail)];
    const top = Math.min(from.y, to.y) - Math.min(26, 12 + Math.abs(from.x - to.x) / 14);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${from.x},${from.y} C${from.x},${top} ${to.x},${top} ${to.x},${to.y} m-3.5,-5.5 l3.5,5.5 l3.5,-5.5`);
    const name = document.createElementNS(SVG, "text");
    name.setAttribute("x", (from.x + to.x) / 2);
    name.setAttribute("y", (from.y + to.y) / 8 + 0.75 * top + 3);
    name.textContent = label;
    arrows.append(path, name);
  }
}

function unpoint() {
  arrows.replaceChildren();
  canvas.classList.remove("pointing");
  canvas.querySelectorAll(".linked").forEach((mark) => mark.classList.remove("linked"));
}

function flash(node) {
  node.classList.remove("flash");
  void node.offsetWidth; // restarts the animation
  node.classList.add("flash");
}

// A row and its figure in the text are chosen together.
function choose(row, { scroll }) {
  document.querySelectorAll(".chosen").forEach((node) => node.classList.remove("chosen"));
  const mark = document.getElementById(row.dataset.metric);
  const other = scroll === "text" ? mark : row;
  row.classList.add("chosen");
  if (mark) mark.classList.add("chosen");
  if (!other) return;
  other.scrollIntoView({ block: "center", behavior: smooth });
  flash(other);
}

function filter() {
  const [words, organisation, source] = filters.map((input) => input.value.trim().toLowerCase());
  let shown = 0;
  for (const row of rows) {
    const values = fact(row);
    const fits = (!organisation || (values[column.organisation] ?? "").toLowerCase() === organisation) &&
      (!source || values[column.organisation_source] === source) &&
      words.split(/\s+/).every((word) => values.some((value) => String(value ?? "").toLowerCase().includes(word)));
    row.hidden = !fits;
    shown += fits;
  }
  document.getElementById("count").textContent = `${shown} of ${rows.length}`;
  document.getElementById("nothing").hidden = shown > 0;
}

// What is not known comes last, whichever way the rest is sorted.
function compare(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  return sign * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "zh"));
}

function sortKey(values, key) {
  if (key === "value") return values[column.value] ?? values[column.low] ?? values[column.high];
  if (key === "period") return values[column.period_start] ?? values[column.period_end];
  return values[column[key]];
}

function sort(head) {
  const next = { none: "ascending", ascending: "descending", descending: "none" }[head.ariaSort ?? head.getAttribute("aria-sort")];
  document.querySelectorAll("th").forEach((th) => th.setAttribute("aria-sort", th === head ? next : "none"));
  const { key } = head.querySelector("button").dataset;
  const sign = next === "descending" ? -1 : 1;
  const sorted = next === "none" ? rows : [...rows].sort((a, b) => compare(sortKey(fact(a), key), sortKey(fact(b), key), sign));
  body.append(...sorted);
}

function download() {
  const cell = (value) => (value === null ? "" : /[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  const shown = [...body.rows].filter((row) => !row.hidden).map(fact);
  const text = [DATA.fields, ...shown].map((values) => values.map(cell).join(",") + "\r\n").join("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" })); // Excel needs the mark
  link.download = `${DATA.name.replace(/[\\/:*?"<>|]+/g, "_")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

canvas.addEventListener("pointerover", (event) => event.target.closest("mark") && point(event.target.closest("mark")));
canvas.addEventListener("pointerout", (event) => event.target.closest("mark") && unpoint());
canvas.addEventListener("focusin", (event) => event.target.matches("mark") && point(event.target));
canvas.addEventListener("focusout", unpoint);
window.addEventListener("resize", unpoint);

function chooseMark(event) {
  const row = document.getElementById(event.target.closest("mark[data-fact]")?.dataset.fact);
  if (!row) return;
  if (row.hidden) {
    document.getElementById("filters").reset();
    filter();
  }
  choose(row, { scroll: "row" });
}
canvas.addEventListener("click", chooseMark);
canvas.addEventListener("keydown", (event) => event.key === "Enter" && chooseMark(event));

body.addEventListener("click", (event) => choose(event.target.closest("tr"), { scroll: "text" }));
body.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") choose(event.target, { scroll: "text" });
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const shown = [...body.rows].filter((row) => !row.hidden);
    shown[shown.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  } else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && unpoint());
document.querySelector("thead").addEventListener("click", (event) => event.target.matches("button") && sort(event.target.closest("th")));
document.querySelector(".legend").addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (!chip) return;
  const on = chip.getAttribute("aria-pressed") !== "true";
  chip.setAttribute("aria-pressed", on);
  canvas.querySelectorAll("mark").forEach((mark) => mark.dataset.label === chip.dataset.label && mark.classList.toggle("unmarked", !on));
});
document.getElementById("filters").addEventListener("input", filter);
document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("download").addEventListener("click", download);
filter();
