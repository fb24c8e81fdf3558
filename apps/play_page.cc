// SPDX-License-Identifier: Apache-2.0
//
// The total that the page computes for weights of its own, m_k the sliders' factors:
//
//   earned = sum_k m_k w_k v_k / sum_k m_k w_k          over the terms of rule and rubric
//   total  = (earned + m_s shaping) process^p + rest    or the gate's value; no process on an
//                                                       earned below 0
//
// The stored shaping has been scaled by process already, so that process^(p - 1) is still due. rest
// is what makes the stored total come out where every factor is 1: what layers clipped.
#include "apps/play_page.h"

namespace nelumbo {

const std::string_view kPlayPage = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>reward play · Nelumbo</title>
<link rel="stylesheet" href="/play.css">
<script src="/play.js" defer></script>
</head>
<body>
<header>
<h1>reward play</h1>
<p id="run"></p>
<label>step <select id="step"></select></label>
<label>spec <select id="spec"></select></label>
<button id="reset" type="button">stored weights</button>
</header>
<p id="message" role="alert"></p>
<main>
<section aria-label="weights"><h2>weights</h2><div id="sliders"></div><p id="summary" aria-live="polite"></p></section>
<section aria-label="groups"><h2>groups</h2><div id="groups"></div></section>
</main>
</body>
</html>
)";

const std::string_view kPlayStyle = R"(:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1280px; padding: 0.5rem 1rem; font: 15px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; align-items: baseline; }
h1 { font-size: 1.2rem; margin: 0; }
h2 { font-size: 1rem; margin: 0.5rem 0; }
h3 { font-size: 0.95rem; margin: 0.2rem 0; }
#run, .soft { opacity: 0.75; margin: 0; overflow-wrap: anywhere; }
#message:empty { display: none; }
#message { border-left: 4px solid #c33; padding: 0.3rem 0.6rem; }
main { display: grid; grid-template-columns: minmax(15rem, 22rem) minmax(0, 1fr); gap: 1.5rem; }
main > section:first-child { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; }
@media (max-width: 760px) {
  main { grid-template-columns: minmax(0, 1fr); gap: 0; }
  main > section:first-child { position: static; max-height: none; }
}
.slider { display: grid; grid-template-columns: minmax(0, 1fr) auto; margin: 0.35rem 0; overflow-wrap: anywhere; }
.slider input { grid-column: 1 / 3; width: 100%; margin: 0; box-sizing: border-box; }
article { border: 1px solid #8886; border-radius: 4px; padding: 0.4rem 0.7rem; margin: 0 0 0.8rem; }
details { border-top: 1px solid #8883; padding: 0.25rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; unicode-bidi: isolate; }
summary b { font-variant-numeric: tabular-nums; }
:focus-visible { outline: 2px solid #48f; outline-offset: 1px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.3rem 0; unicode-bidi: isolate; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; }
td, th { text-align: left; padding: 0.1rem 0.6rem 0.1rem 0; vertical-align: top; }
td { unicode-bidi: isolate; }
.up { color: #2a7d2a; } .down { color: #c33; }
)";

const std::string_view kPlayScript = R"js('use strict';
const token = location.hash.slice(1);
const at = (id) => document.getElementById(id);
const state = { step: null, factors: new Map() };

function make(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function complain(text) {
  at('message').textContent = text;
}

async function ask(path) {
  const answer = await fetch(path, { headers: { Authorization: 'Bearer ' + token } });
  const body = await answer.json();
  if (answer.ok) return body;
  return Promise.reject(new Error(body.error || 'the server says ' + answer.status));
}

const label = (part) => part.layer + '/' + part.name;
const isLayer = (part) => part.layer === 'rule' || part.layer === 'rubric' ||
  (part.layer === 'process' && part.weight > 0);
const factor = (spec, name) => {
  const factors = state.factors.get(spec);
  return factors && factors.has(name) ? factors.get(name) : 1;
};

/* The total under given factors, without the rest. */
function computed(answer, of) {
  let rubric = 0, weights = 0, sum = 0;
  for (const part of answer.components) if (part.layer === 'rubric') rubric += part.weight;
  for (const part of answer.components) {
    if (!isLayer(part)) continue;
    const fault = part.layer === 'rubric' && part.value < 0;
    sum += of(label(part)) * part.value * (fault ? rubric : part.weight);
    weights += of(label(part)) * part.weight;
  }
  const earned = weights > 0 ? sum / weights : 0;
  const power = of('process');
  const scaled = earned > 0 ? earned * Math.pow(answer.process, power) : earned;
  return scaled + of('shaping') * answer.shaping * Math.pow(answer.process, power - 1);
}

function total(answer, spec) {
  if (answer.outcome !== 'score') return null;
  if (answer.gate !== '') return answer.total;
  const rest = answer.total - computed(answer, () => 1);
  return computed(answer, (name) => factor(spec, name)) + rest;
}

/* Places from 1 by falling totals; those without one come last. */
function places(values) {
  return values.map((v) => v === null ? null : 1 + values.filter((w) => w !== null && w > v + 1e-9).length);
}

function spread(values) {
  const scores = values.filter((v) => v !== null);
  if (scores.length < 2) return 0;
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  return Math.sqrt(scores.reduce((a, b) => a + (b - mean) * (b - mean), 0) / scores.length);
}

function evidence(answer) {
  const box = make('div', undefined, 'wide'), table = make('table'), head = make('tr');
  for (const name of ['component', 'value', 'weight', 'evidence']) head.append(make('th', name));
  table.append(head);
  for (const part of answer.components) {
    const row = make('tr');
    for (const text of [label(part), part.value.toFixed(3), part.weight.toFixed(3), part.evidence])
      row.append(make('td', text));
    table.append(row);
  }
  box.append(table);
  return box;
}

function answerView(answer, now, place, before) {
  const view = make('details'), line = make('summary');
  line.append(make('b', now === null ? answer.outcome : now.toFixed(3)));
  if (place !== null && before !== null && place !== before)
    line.append(make('span', ' ' + (place < before ? '\u2191' : '\u2193') + Math.abs(place - before),
                     place < before ? 'up' : 'down'));
  if (answer.gate) line.append(make('span', ' gate ' + answer.gate, 'down'));
  line.append(make('span', ' ' + answer.text.slice(0, 120)));
  view.dataset.sample = answer.sample;
  view.append(line, make('pre', answer.text));
  view.append(answer.outcome === 'score' ? evidence(answer) : make('p', answer.reason));
  return view;
}

function groupView(group, open) {
  const now = group.answers.map((a) => total(a, group.spec));
  const stored = group.answers.map((a) => (a.outcome === 'score' ? a.total : null));
  const placeNow = places(now), placeBefore = places(stored);
  const view = make('article');
  view.append(make('h3', group.asked), make('p', group.prompt + ' \u00b7 truth ' + group.truth, 'soft'));
  const order = group.answers.map((_, i) => i);
  order.sort((a, b) => (now[b] ?? -1e9) - (now[a] ?? -1e9) || a - b);
  for (const i of order) {
    const one = answerView(group.answers[i], now[i], placeNow[i], placeBefore[i]);
    one.open = open.has(group.prompt + ' ' + group.answers[i].sample);
    view.append(one);
  }
  view.dataset.prompt = group.prompt;
  return { view, now, stored };
}

function turned(stored, now) {
  let count = 0;
  for (let i = 0; i < now.length; ++i)
    for (let j = i + 1; j < now.length; ++j)
      if (now[i] !== null && now[j] !== null && (stored[i] - stored[j]) * (now[i] - now[j]) < -1e-12) ++count;
  return count;
}

function show() {
  const spec = at('spec').value, open = new Set();
  for (const view of document.querySelectorAll('details[open]'))
    open.add(view.parentElement.dataset.prompt + ' ' + view.dataset.sample);
  const views = state.step.groups.filter((g) => g.spec === spec).map((g) => groupView(g, open));
  at('groups').replaceChildren(...views.map((v) => v.view));
  const mean = (pick) => views.reduce((a, v) => a + spread(pick(v)), 0) / Math.max(1, views.length);
  const pairs = views.reduce((a, v) => a + turned(v.stored, v.now), 0);
  at('summary').textContent = views.length + ' groups; ' + pairs + ' pairs turn round; spread ' +
    mean((v) => v.stored).toFixed(4) + ' \u2192 ' + mean((v) => v.now).toFixed(4) +
    (spec in state.step.left_out ? '; ' + state.step.left_out[spec] + ' more groups are not shown' : '');
}

function slider(spec, name, most) {
  const box = make('label', undefined, 'slider'), input = make('input');
  const shown = make('output', '\u00d7 ' + factor(spec, name).toFixed(2));
  Object.assign(input, { type: 'range', min: '0', max: String(most), step: '0.05' });
  input.value = String(factor(spec, name));
  input.setAttribute('aria-label', name);
  input.addEventListener('input', () => {
    state.factors.get(spec).set(name, Number(input.value));
    shown.textContent = '\u00d7 ' + Number(input.value).toFixed(2);
    show();
  });
  box.append(make('span', name), shown, input);
  return box;
}

function showSliders() {
  const spec = at('spec').value, names = new Set();
  if (!state.factors.has(spec)) state.factors.set(spec, new Map());
  for (const group of state.step.groups)
    if (group.spec === spec)
      for (const answer of group.answers)
        for (const part of answer.components)
          if (isLayer(part) && (part.weight > 0 || part.value < 0)) names.add(label(part));
  at('sliders').replaceChildren(...[...names].map((name) => slider(spec, name, 3)),
                                slider(spec, 'process', 2), slider(spec, 'shaping', 3));
  show();
}

function fill(select, words, chosen) {
  select.replaceChildren(...words.map((word) => make('option', word)));
  if (words.includes(chosen)) select.value = chosen;
}

async function load() {
  try {
    complain('');
    state.step = await ask('/step/' + at('step').value);
    fill(at('spec'), [...new Set(state.step.groups.map((g) => g.spec))].sort(), at('spec').value);
    showSliders();
  } catch (error) {
    complain(error.message);
  }
}

async function begin() {
  at('step').addEventListener('change', load);
  at('spec').addEventListener('change', showSliders);
  at('reset').addEventListener('click', () => {
    state.factors.clear();
    showSliders();
  });
  try {
    const overview = await ask('/overview');
    at('run').textContent = overview.run + ', stage ' + overview.stage;
    fill(at('step'), overview.steps.map(String), String(overview.steps[overview.steps.length - 1]));
    await load();
  } catch (error) {
    complain(error.message + ' (open the whole address that the command printed)');
  }
}

begin();
)js";

}  // namespace nelumbo
