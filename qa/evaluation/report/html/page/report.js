"use strict";
// The questions of a report: unpacked, filtered, sorted, shown. Writes text only through textContent.
// The shape of `data` is documented in qa/evaluation/report_data.py, `question_data`.

const PAGE = 100; // rows at a time
const OUTCOMES = { answered: "answered", partial: "partial", abstained: "abstained", error: "error" };
const at = (id) => document.getElementById(id);
const distinct = (values) => [...new Set(values)];
const collator = new Intl.Collator("en", { numeric: true });
let data, letters, columns; // set when the questions are unpacked
let shown = []; // the questions that pass the filters, sorted
let order = { column: null, falling: false };
let page = 0;

function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") element.className = value;
    else if (key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== ""));
  return element;
}

async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

// Columns of the table: `value` is what it sorts by, for a question.

function allColumns() {
  const two = data.runs.length > 1;
  const found = [
    { label: "Id", value: (one) => one.id, kind: "id" },
    { label: "Question", value: (one) => one.question, kind: "asked" },
    { label: "Outcome", value: outcomes, kind: "state" },
  ];
  const each = (group, of, kind) =>
    data.runs.forEach((_, run) => {
      const value = (one) => one.runs[run] && of(one.runs[run]);
      found.push({ group: two && group, label: two ? letters[run] : group, kind, value });
    });
  data.columns.forEach(([index, group], place) => {
    each(group, (run) => run.metrics[index], "score");
    const value = (one) => change(one, index);
    if (two && place < 2) found.push({ group, label: `${letters[1]} − ${letters[0]}`, kind: "change", value });
  });
  each("Seconds", (run) => run.seconds, "seconds");
  return found;
}

function outcomes(one) {
  const each = one.runs.map((run) => (run ? distinct(run.answers.map((a) => OUTCOMES[a.status])).join(", ") : "not asked"));
  return distinct(each).join(" / ");
}

function change(one, index) {
  const [a, b] = one.runs.map((run) => (run ? run.metrics[index] : null));
  return a === null || b === null ? null : b - a;
}

function said(value, kind) {
  if (value === null || value === undefined) return "–";
  if (kind === "score") return value.toFixed(2);
  if (kind === "change") return value === 0 ? "0" : (value > 0 ? "+" : "−") + Math.abs(value).toFixed(2);
  if (kind === "seconds") return value < 10 ? value.toFixed(value < 1 ? 3 : 2) : value.toFixed(0);
  return value;
}

const isFigure = (column) => ["score", "change", "seconds"].includes(column.kind);

// Filters.

const answers = (one) => one.runs.flatMap((run) => (run ? run.answers : []));

function words(one) {
  const heard = () => answers(one).map((answer) => answer.text ?? answer.error.join(" "));
  return (one.words ??= [one.id, one.question, one.within, ...one.references, ...heard()].join("\n").toLowerCase());
}

function changed(one, wanted) {
  const [a, b] = one.runs;
  if (!a || !b) return false;
  const moves = data.columns.map(([index]) => change(one, index));
  if (wanted !== "changed") return moves.some((by) => (wanted === "up" ? by > 0 : by < 0));
  const told = (run) => run.answers.map((answer) => [answer.status, answer.text]);
  return JSON.stringify(told(a)) !== JSON.stringify(told(b));
}

const supports = (answer, kind) =>
  (answer.claims || []).some((claim) => claim.support === kind || (kind === "rejected" && claim.rejected.length));

function passes(one) {
  const text = at("f-text").value.trim().toLowerCase();
  const [status, support, tag] = ["f-status", "f-support", "f-tag"].map((id) => at(id).value);
  const difference = at("f-change") ? at("f-change").value : "";
  return (
    text.split(/\s+/).every((word) => words(one).includes(word)) &&
    (!status || answers(one).some((answer) => answer.status === status)) &&
    (!support || answers(one).some((answer) => supports(answer, support))) &&
    (!tag || one.tags.includes(tag)) &&
    (!difference || changed(one, difference))
  );
}

function update() {
  shown = data.questions.filter(passes);
  if (order.column !== null) {
    const { value } = order.column;
    const sign = order.falling ? -1 : 1;
    const missing = (x) => x === null || x === undefined;
    const keyed = shown.map((one) => [value(one), one]);
    keyed.sort(([a], [b]) =>
      missing(a) || missing(b) ? missing(a) - missing(b) : sign * (typeof a === "string" ? collator.compare(a, b) : a - b)
    );
    shown = keyed.map(([, one]) => one);
  }
  page = 0;
  draw();
}

// The table.

function heading(all, printed) {
  const groups = make("tr");
  const row = make("tr");
  all.forEach((column, index) => {
    const sort = order.column !== column ? "none" : order.falling ? "descending" : "ascending";
    const name = column.group ? `${column.group}, ${column.label}` : column.label;
    const button = make("button", { type: "button", "aria-label": name, onclick: () => sortBy(column) }, column.label);
    const kind = isFigure(column) ? "figure" : "";
    row.append(make("th", { scope: "col", "aria-sort": sort, class: kind }, printed ? column.label : button));
    const span = all.filter((other) => other.group && other.group === column.group).length;
    if (!column.group) groups.append(make("td"));
    else if (all[index - 1].group !== column.group)
      groups.append(make("th", { scope: "colgroup", colspan: String(span) }, column.group));
  });
  return all.some((column) => column.group) ? [groups, row] : [row];
}

function sortBy(column) {
  order = { column, falling: order.column === column ? !order.falling : column.kind === "seconds" };
  update();
  at("table").tHead.querySelectorAll("button")[columns.indexOf(column)].focus();
}

function cell(one, column) {
  const text = said(column.value(one), column.kind);
  if (column.kind === "asked")
    return make("td", { class: "asked" }, make("button", { type: "button", onclick: () => open(one) }, text));
  if (column.kind === "id") return make("td", { class: "id", title: text }, text);
  if (isFigure(column)) return make("td", { class: "figure" }, text);
  return make("td", { class: /error/.test(text) ? "state bad" : "state" }, text);
}

function draw(printed = false) {
  const all = printed ? columns.filter((column) => column.kind !== "change") : columns; // paper is narrow
  const first = printed ? 0 : page * PAGE;
  const last = printed ? shown.length : Math.min(first + PAGE, shown.length);
  const rows = shown.slice(first, last).map((one) => make("tr", {}, all.map((column) => cell(one, column))));
  at("table").tHead.replaceChildren(...heading(all, printed));
  at("table").tBodies[0].replaceChildren(...rows);
  const count = (n) => n.toLocaleString("en");
  at("count").textContent = `${count(shown.length)} of ${count(data.questions.length)} questions`;
  at("pages").textContent = shown.length ? `${count(first + 1)} to ${count(last)} of ${count(shown.length)}` : "none";
  at("previous").disabled = page === 0;
  at("next").disabled = last >= shown.length;
}

// One question.

function open(one) {
  const dialog = at("detail");
  const place = shown.indexOf(one);
  const step = (by, label) => {
    const target = place < 0 ? undefined : shown[place + by];
    return make("button", { type: "button", disabled: !target, onclick: () => open(target) }, label);
  };
  const evidence = make("section", { class: "evidence", "aria-live": "polite", "aria-label": "Evidence" });
  const view = { one, evidence };
  dialog.replaceChildren(
    make("div", { class: "bar-top" },
      make("p", {}, place < 0 ? one.id : `${place + 1} of ${shown.length} · ${one.id}`),
      step(-1, "Previous"), step(1, "Next"),
      make("button", { type: "button", onclick: () => dialog.close() }, "Close")),
    make("div", { class: "inside" },
      make("h2", { id: "detail-title", tabindex: "-1" }, one.question), facts(one), layout(view)));
  const first = dialog.querySelector(".answer button");
  if (first) first.click();
  else showEvidence(view, null);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  at("detail-title").focus();
  history.replaceState(null, "", `#q=${encodeURIComponent(one.id)}`);
}

function layout(view) {
  const sides = (...parts) => make("div", { class: "sides" }, parts);
  const heard = view.one.runs.map((run, index) => answered(view, run, index));
  const rest = view.one.runs.map((run, index) => (run ? behind(run, index) : []));
  if (heard.length > 1) return [sides(heard), view.evidence, sides(rest.map((parts) => make("div", {}, parts)))];
  const [claims, scores, passages] = rest[0];
  heard[0].append(claims);
  return [sides(heard[0], view.evidence), sides(scores, passages)];
}

function facts(one) {
  const known = { true: "has an answer", false: "has no answer in the documents" }[one.answerable];
  const more = [known, one.within && `asked within ${one.within}`, one.tags.join(", ")];
  return make("div", {},
    one.references.length ? make("p", {}, make("strong", {}, "Reference: "), one.references.join(" · ")) : "",
    make("p", { class: "key" }, more.filter(Boolean).join(" · ")));
}

function answered(view, run, index) {
  const two = letters.length > 1;
  const title = two ? `${letters[index]}: ${data.runs[index]}` : "Answer";
  const side = make("section", { "aria-label": title }, make("h3", two ? { class: `l${index}` } : {}, title));
  if (!run) side.append(make("p", {}, "This run did not ask it."));
  else run.answers.forEach((answer) => side.append(...oneAnswer(view, answer, run.answers.length)));
  return side;
}

function oneAnswer(view, answer, repeats) {
  const head = repeats > 1 ? [make("h4", {}, `Repeat ${answer.repeat}: ${OUTCOMES[answer.status]}`)] : [];
  if (answer.error) {
    const [kind, cause, hint] = answer.error;
    return [...head, make("p", { class: "bad" }, make("strong", {}, `${kind}: `), cause), make("p", {}, hint)];
  }
  return [
    ...head,
    make("div", { class: "answer" }, withMarkers(view, answer, answer.text || OUTCOMES[answer.status])),
    answer.missing ? make("p", {}, make("strong", {}, "Missing: "), answer.missing) : "",
    answer.judge?.correctness ? make("p", {}, make("strong", {}, `Judge (${answer.judge.judge}): `), verdict(answer.judge)) : "",
    ...answer.notes.map((note) => make("p", { class: "key" }, note)),
  ];
}

function withMarkers(view, answer, text) {
  return text.split(/(\[\d{1,4}\])/).map((part) => {
    const number = /^\[\d+\]$/.test(part) && Number(part.slice(1, -1));
    const citation = number && answer.citations.find((one) => one.number === number);
    if (!citation) return part;
    const label = `Citation ${number}, ${citation.place}`;
    const onclick = (event) => {
      showEvidence(view, citation, event.currentTarget);
      view.evidence.scrollIntoView({ block: "nearest" });
    };
    return make("button", { type: "button", "aria-label": label, "aria-pressed": "false", onclick }, String(number));
  });
}

const verdict = (judge) => [judge.correctness, judge.reason].filter(Boolean).join(". ");

function oneClaim(claim, judged) {
  const why = [...claim.reasons, ...claim.rejected.map((key) => `rejected key ${key}`)];
  if (judged) why.push(`judge: ${judged}`);
  return make("li", {}, claim.text, " ",
    make("span", { class: `badge support-${claim.support}` }, claim.support),
    why.length ? make("span", { class: "why" }, why.join("; ")) : "");
}

function behind(run, index) {
  const name = letters.length > 1 ? ` of ${letters[index]}` : "";
  const part = (title, ...children) =>
    make("section", { "aria-label": title + name }, make("h3", {}, title + name), children);
  const figures = run.metrics.map((value, n) =>
    value === null ? "" : make("div", {}, make("dt", {}, data.metrics[n]), make("dd", {}, said(value, "score"))));
  const claims = run.answers.map((answer) => !answer.claims || !answer.claims.length ? "" : [
    run.answers.length > 1 ? make("h4", {}, `Repeat ${answer.repeat}`) : "",
    make("ol", { class: "claims" }, answer.claims.map((claim, n) => oneClaim(claim, answer.judge?.claims[n])))]);
  const passages = run.answers[0].passages.map((one) => make("li", {}, `${one.rank}. ${one.place}`,
    one.copies ? ` and ${one.copies} more with this text` : "",
    one.gold.length ? make("strong", {}, ` holds gold ${one.gold.join(", ")}`) : ""));
  return [
    part("Claims", claims.flat().some(Boolean) ? claims : make("p", {}, "None.")),
    part("Scores", make("dl", { class: "scores" }, figures), took(run.answers[0])),
    part("Passages found", passages.length ? make("ol", { class: "plain" }, passages) : make("p", {}, "None.")),
  ];
}

function took(answer) {
  if (!answer.took) return "";
  const [search, rest] = answer.took;
  const [read, written, price] = answer.usage;
  const tokens = read || written ? `, ${read} tokens read and ${written} written` : "";
  const cost = price === null ? "" : `, $${price}`;
  return make("p", { class: "key" },
    `Search ${search.toFixed(3)} s, answer ${rest.toFixed(3)} s${tokens}${cost}; evidence ${answer.evidence.toFixed(2)}.`);
}

// Evidence: windows of sources, with what is cited and what is gold marked in them.

function showEvidence(view, citation, pressed) {
  const { one, evidence } = view;
  for (const button of at("detail").querySelectorAll("[aria-pressed]"))
    button.setAttribute("aria-pressed", String(button === pressed));
  const gold = one.gold.map((each, n) => ({ ...each, number: n + 1 }));
  const numbers = (some) => some.map((each) => each.number).join(", ");
  const home = citation && citation.mark[0];
  const together = gold.filter((each) => citation && each.mark && each.mark[0] === home);
  const others = new Map(); // by window: annotators often mark the same place
  for (const each of gold.filter((each) => !together.includes(each))) {
    const place = each.mark ? each.mark[0] : each.place;
    others.set(place, [...(others.get(place) || []), each]);
  }
  const left = make("div");
  if (citation) {
    const beside = together.length ? `, with gold ${numbers(together)}` : "";
    const date = citation.date ? `, ${citation.date}` : "";
    left.append(make("h4", {}, `Cited [${citation.number}] ${citation.place}${date}${beside}`),
      quote(one, home, [citation.mark], together.map((each) => each.mark)));
    if (citation.also.length) left.append(make("p", { class: "key" }, `also in ${citation.also.join(", ")}`));
  } else left.append(make("h4", {}, "Nothing is cited"));
  const right = make("div", {}, [...others.values()].map((some) => [
    make("h4", {}, `Gold ${numbers(some)} ${some[0].place}`, some[0].indexed ? "" : ", not in the index"),
    some[0].mark ? quote(one, some[0].mark[0], [], some.map((each) => each.mark))
      : some[0].text && make("div", { class: "quote" }, some[0].text)]));
  if (!gold.length) right.append(make("h4", {}, "No gold passage is known"));
  evidence.replaceChildren(
    make("h3", {}, "Evidence"),
    make("p", { class: "key" }, make("mark", { class: "cited" }, "cited"), " ",
      make("mark", { class: "gold" }, "gold"), " ", make("mark", { class: "cited gold" }, "both")),
    make("div", { class: "sides" }, left, right.childElementCount ? right : null));
  const mark = evidence.querySelector("mark.cited:not(.key mark)");
  const box = mark && mark.closest(".quote");
  if (box) box.scrollTop = mark.offsetTop - box.clientHeight / 3;
}

function quote(one, window_index, cited, gold) {
  const [piece, first, last] = one.windows[window_index];
  const ends = [...cited, ...gold].flatMap(([, start, end]) => [start, end]);
  const stops = distinct([first, last, ...ends]).sort((a, b) => a - b);
  const within = (marks, start) => marks.some(([, from, to]) => from <= start && start < to);
  const parts = stops.slice(1).map((stop, n) => {
    let text = data.texts[piece].slice(stops[n], stop);
    const kinds = [within(cited, stops[n]) && "cited", within(gold, stops[n]) && "gold"].filter(Boolean);
    if (!kinds.length) {
      if (stops[n] === first && /^[a-z,;]/.test(text)) text = `…${text}`; // cut within a sentence
      return stop === last && /[\w,;]$/.test(text) ? `${text}…` : text;
    }
    const unseen = (words) => make("span", { class: "unseen" }, words); // for those who cannot see the colour
    return make("mark", { class: kinds.join(" ") }, unseen(`[${kinds.join(" and ")}: `), text, unseen("]"));
  });
  return make("div", { class: "quote", tabindex: "0", role: "group", "aria-label": "Passage" }, parts);
}

// Beginning.

function follow() {
  const found = /^#q=(.+)$/.exec(location.hash);
  if (!found) return;
  let id = found[1];
  try { id = decodeURIComponent(id); } catch { /* not encoded */ }
  const one = data.questions.find((each) => each.id === id);
  if (one) open(one);
}

function listen() {
  let waiting;
  at("f-text").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 120); });
  document.querySelectorAll(".filters select").forEach((select) => select.addEventListener("change", update));
  const form = document.querySelector(".filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(update));
  for (const [id, by] of [["previous", -1], ["next", 1]])
    at(id).addEventListener("click", () => { page += by; draw(); at("questions").scrollIntoView(); });
  at("detail").addEventListener("close", () => history.replaceState(null, "", "#questions"));
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => draw(true));
  addEventListener("afterprint", () => draw());
}

async function begin() {
  try {
    data = await unpack(at("data").textContent.trim());
  } catch (error) {
    at("message").textContent =
      `The questions could not be shown (${error.message}). A browser of 2023 or later can show them.`;
    return;
  }
  letters = data.runs.map((_, n) => String.fromCharCode(65 + n));
  columns = allColumns();
  const tags = distinct(data.questions.flatMap((one) => one.tags)).sort(collator.compare);
  at("f-tag").append(...tags.map((tag) => make("option", { value: tag }, tag)));
  at("message").remove();
  at("explorer").hidden = false;
  listen();
  update();
  follow();
}

begin();
