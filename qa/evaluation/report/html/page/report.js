"use strict";
// The questions of a report: unpacked, filtered, sorted, shown. Writes text only through textContent.
// The shape of `data` is documented in qa/evaluation/report/html/data.py, `question_data`.

const PAGE = 100; // rows at a time
const OUTCOMES = { answered: "answered", partial: "partial", abstained: "abstained", error: "error" };
const byId = (id) => document.getElementById(id);
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
  const all = [
    { label: "Id", value: (question) => question.id, kind: "id" },
    { label: "Question", value: (question) => question.question, kind: "question" },
    { label: "Outcome", value: outcomes, kind: "state" },
  ];
  const each = (group, of, kind) =>
    data.runs.forEach((_, run) => {
      const value = (question) => question.runs[run] && of(question.runs[run]);
      all.push({ group: two && group, label: two ? letters[run] : group, kind, value });
    });
  data.columns.forEach(([index, group], place) => {
    each(group, (run) => run.metrics[index], "score");
    const value = (question) => change(question, index);
    if (two && place < 2) all.push({ group, label: `${letters[1]} − ${letters[0]}`, kind: "change", value });
  });
  each("Seconds", (run) => run.seconds, "seconds");
  return all;
}

function outcomes(question) {
  const each = question.runs.map((run) => (run ? distinct(run.answers.map((a) => OUTCOMES[a.status])).join(", ") : "not asked"));
  return distinct(each).join(" / ");
}

function change(question, index) {
  const [a, b] = question.runs.map((run) => (run ? run.metrics[index] : null));
  return a === null || b === null ? null : b - a;
}

function formatted(value, kind) {
  if (value === null || value === undefined) return "–";
  if (kind === "score") return value.toFixed(2);
  if (kind === "change") return value === 0 ? "0" : (value > 0 ? "+" : "−") + Math.abs(value).toFixed(2);
  if (kind === "seconds") return value < 10 ? value.toFixed(value < 1 ? 3 : 2) : value.toFixed(0);
  return value;
}

const isFigure = (column) => ["score", "change", "seconds"].includes(column.kind);

// Filters.

const answers = (question) => question.runs.flatMap((run) => (run ? run.answers : []));

function searchText(question) {
  const texts = () => answers(question).map((answer) => answer.text ?? answer.error.join(" "));
  return (question.searchText ??= [question.id, question.question, question.within, ...question.references, ...texts()].join("\n").toLowerCase());
}

function changed(question, wanted) {
  const [a, b] = question.runs;
  if (!a || !b) return false;
  const moves = data.columns.map(([index]) => change(question, index));
  if (wanted !== "changed") return moves.some((by) => (wanted === "up" ? by > 0 : by < 0));
  const outcome = (run) => run.answers.map((answer) => [answer.status, answer.text]);
  return JSON.stringify(outcome(a)) !== JSON.stringify(outcome(b));
}

const supports = (answer, kind) =>
  (answer.claims || []).some((claim) => claim.support === kind || (kind === "rejected" && claim.rejected.length));

function passes(question) {
  const text = byId("f-text").value.trim().toLowerCase();
  const [status, support, tag] = ["f-status", "f-support", "f-tag"].map((id) => byId(id).value);
  const difference = byId("f-change") ? byId("f-change").value : "";
  return (
    text.split(/\s+/).every((word) => searchText(question).includes(word)) &&
    (!status || answers(question).some((answer) => answer.status === status)) &&
    (!support || answers(question).some((answer) => supports(answer, support))) &&
    (!tag || question.tags.includes(tag)) &&
    (!difference || changed(question, difference))
  );
}

function update() {
  shown = data.questions.filter(passes);
  if (order.column !== null) {
    const { value } = order.column;
    const sign = order.falling ? -1 : 1;
    const missing = (x) => x === null || x === undefined;
    const keyed = shown.map((question) => [value(question), question]);
    keyed.sort(([a], [b]) =>
      missing(a) || missing(b) ? missing(a) - missing(b) : sign * (typeof a === "string" ? collator.compare(a, b) : a - b)
    );
    shown = keyed.map(([, question]) => question);
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
  byId("table").tHead.querySelectorAll("button")[columns.indexOf(column)].focus();
}

function cell(question, column) {
  const text = formatted(column.value(question), column.kind);
  if (column.kind === "question")
    return make("td", { class: "question" }, make("button", { type: "button", onclick: () => openQuestion(question) }, text));
  if (column.kind === "id") return make("td", { class: "id", title: text }, text);
  if (isFigure(column)) return make("td", { class: "figure" }, text);
  return make("td", { class: /error/.test(text) ? "state bad" : "state" }, text);
}

function draw(printed = false) {
  const all = printed ? columns.filter((column) => column.kind !== "change") : columns; // paper is narrow
  const first = printed ? 0 : page * PAGE;
  const last = printed ? shown.length : Math.min(first + PAGE, shown.length);
  const rows = shown.slice(first, last).map((question) => make("tr", {}, all.map((column) => cell(question, column))));
  byId("table").tHead.replaceChildren(...heading(all, printed));
  byId("table").tBodies[0].replaceChildren(...rows);
  const count = (n) => n.toLocaleString("en");
  byId("count").textContent = `${count(shown.length)} of ${count(data.questions.length)} questions`;
  byId("pages").textContent = shown.length ? `${count(first + 1)} to ${count(last)} of ${count(shown.length)}` : "none";
  byId("previous").disabled = page === 0;
  byId("next").disabled = last >= shown.length;
}

// One question.

function openQuestion(question) {
  const dialog = byId("detail");
  const place = shown.indexOf(question);
  const step = (by, label) => {
    const target = place < 0 ? undefined : shown[place + by];
    return make("button", { type: "button", disabled: !target, onclick: () => openQuestion(target) }, label);
  };
  const evidence = make("section", { class: "evidence", "aria-live": "polite", "aria-label": "Evidence" });
  const view = { question, evidence };
  dialog.replaceChildren(
    make("div", { class: "bar-top" },
      make("p", {}, place < 0 ? question.id : `${place + 1} of ${shown.length} · ${question.id}`),
      step(-1, "Previous"), step(1, "Next"),
      make("button", { type: "button", onclick: () => dialog.close() }, "Close")),
    make("div", { class: "inside" },
      make("h2", { id: "detail-title", tabindex: "-1" }, question.question), facts(question), layout(view)));
  const first = dialog.querySelector(".answer button");
  if (first) first.click();
  else showEvidence(view, null);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  byId("detail-title").focus();
  history.replaceState(null, "", `#q=${encodeURIComponent(question.id)}`);
}

function layout(view) {
  const sides = (...parts) => make("div", { class: "sides" }, parts);
  const sections = view.question.runs.map((run, index) => answerSection(view, run, index));
  const details = view.question.runs.map((run, index) => (run ? detailSections(run, index) : []));
  if (sections.length > 1) return [sides(sections), view.evidence, sides(details.map((parts) => make("div", {}, parts)))];
  const [claims, scores, passages] = details[0];
  sections[0].append(claims);
  return [sides(sections[0], view.evidence), sides(scores, passages)];
}

function facts(question) {
  const known = { true: "has an answer", false: "has no answer in the documents" }[question.answerable];
  const more = [known, question.within && `asked within ${question.within}`, question.tags.join(", ")];
  return make("div", {},
    question.references.length ? make("p", {}, make("strong", {}, "Reference: "), question.references.join(" · ")) : "",
    make("p", { class: "key" }, more.filter(Boolean).join(" · ")));
}

function answerSection(view, run, index) {
  const two = letters.length > 1;
  const title = two ? `${letters[index]}: ${data.runs[index]}` : "Answer";
  const side = make("section", { "aria-label": title }, make("h3", two ? { class: `l${index}` } : {}, title));
  if (!run) side.append(make("p", {}, "This run did not ask it."));
  else run.answers.forEach((answer) => side.append(...answerParts(view, answer, run.answers.length)));
  return side;
}

function answerParts(view, answer, repeats) {
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
    const citation = number && answer.citations.find((each) => each.number === number);
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

function claimItem(claim, judged) {
  const why = [...claim.reasons, ...claim.rejected.map((key) => `rejected key ${key}`)];
  if (judged) why.push(`judge: ${judged}`);
  return make("li", {}, claim.text, " ",
    make("span", { class: `badge support-${claim.support}` }, claim.support),
    why.length ? make("span", { class: "why" }, why.join("; ")) : "");
}

function detailSections(run, index) {
  const name = letters.length > 1 ? ` of ${letters[index]}` : "";
  const part = (title, ...children) =>
    make("section", { "aria-label": title + name }, make("h3", {}, title + name), children);
  const figures = run.metrics.map((value, n) =>
    value === null ? "" : make("div", {}, make("dt", {}, data.metrics[n]), make("dd", {}, formatted(value, "score"))));
  const claims = run.answers.map((answer) => !answer.claims || !answer.claims.length ? "" : [
    run.answers.length > 1 ? make("h4", {}, `Repeat ${answer.repeat}`) : "",
    make("ol", { class: "claims" }, answer.claims.map((claim, n) => claimItem(claim, answer.judge?.claims[n])))]);
  const passages = run.answers[0].passages.map((passage) => make("li", {}, `${passage.rank}. ${passage.place}`,
    passage.copies ? ` and ${passage.copies} more with this text` : "",
    passage.gold.length ? make("strong", {}, ` holds gold ${passage.gold.join(", ")}`) : ""));
  return [
    part("Claims", claims.flat().some(Boolean) ? claims : make("p", {}, "None.")),
    part("Scores", make("dl", { class: "scores" }, figures), effort(run.answers[0])),
    part("Passages found", passages.length ? make("ol", { class: "plain" }, passages) : make("p", {}, "None.")),
  ];
}

function effort(answer) {
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
  const { question, evidence } = view;
  for (const button of byId("detail").querySelectorAll("[aria-pressed]"))
    button.setAttribute("aria-pressed", String(button === pressed));
  const gold = question.gold.map((each, n) => ({ ...each, number: n + 1 }));
  const numbers = (places) => places.map((each) => each.number).join(", ");
  const citedWindow = citation && citation.mark[0];
  const together = gold.filter((each) => citation && each.mark && each.mark[0] === citedWindow);
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
      quote(question, citedWindow, [citation.mark], together.map((each) => each.mark)));
    if (citation.file) left.append(make("p", { class: "key" }, citation.file));
    if (citation.labelled) left.append(make("p", { class: "key" }, citation.labelled));
    if (citation.also.length) left.append(make("p", { class: "key" }, `also in ${citation.also.join(", ")}`));
  } else left.append(make("h4", {}, "Nothing is cited"));
  const right = make("div", {}, [...others.values()].map((places) => [
    make("h4", {}, `Gold ${numbers(places)} ${places[0].place}`, places[0].indexed ? "" : ", not in the index"),
    places[0].mark ? quote(question, places[0].mark[0], [], places.map((each) => each.mark))
      : places[0].text && make("div", { class: "quote" }, places[0].text)]));
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

function quote(question, windowNumber, cited, gold) {
  const [piece, first, last] = question.windows[windowNumber];
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
    const hidden = (words) => make("span", { class: "visually-hidden" }, words); // for those who cannot see the colour
    return make("mark", { class: kinds.join(" ") }, hidden(`[${kinds.join(" and ")}: `), text, hidden("]"));
  });
  return make("div", { class: "quote", tabindex: "0", role: "group", "aria-label": "Passage" }, parts);
}

// Beginning.

function openLinked() {
  const link = /^#q=(.+)$/.exec(location.hash);
  if (!link) return;
  let id = link[1];
  try { id = decodeURIComponent(id); } catch { /* not encoded */ }
  const question = data.questions.find((each) => each.id === id);
  if (question) openQuestion(question);
}

function listen() {
  let waiting;
  byId("f-text").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 120); });
  document.querySelectorAll(".filters select").forEach((select) => select.addEventListener("change", update));
  const form = document.querySelector(".filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(update));
  for (const [id, by] of [["previous", -1], ["next", 1]])
    byId(id).addEventListener("click", () => { page += by; draw(); byId("questions").scrollIntoView(); });
  byId("detail").addEventListener("close", () => history.replaceState(null, "", "#questions"));
  addEventListener("hashchange", openLinked);
  addEventListener("beforeprint", () => draw(true));
  addEventListener("afterprint", () => draw());
}

async function begin() {
  try {
    data = await unpack(byId("data").textContent.trim());
  } catch (error) {
    byId("message").textContent =
      `The questions could not be shown (${error.message}). A browser of 2023 or later can show them.`;
    return;
  }
  letters = data.runs.map((_, n) => String.fromCharCode(65 + n));
  columns = allColumns();
  const tags = distinct(data.questions.flatMap((question) => question.tags)).sort(collator.compare);
  byId("f-tag").append(...tags.map((tag) => make("option", { value: tag }, tag)));
  byId("message").remove();
  byId("explorer").hidden = false;
  listen();
  update();
  openLinked();
}

begin();
