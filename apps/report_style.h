// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nelumbo {

/// The style sheet of every page: colours by role, light and dark, one accent for each series.
inline constexpr char kPageStyle[] = R"css(
:root{color-scheme:light dark;--bg:#fbfbf9;--card:#fff;--ink:#1d2430;--soft:#5b6675;--rule:#dfe3e8;
--s0:#2563b8;--s1:#c4570a;--s2:#23814f;--s3:#8a3fb0;--s4:#b3264a;--s5:#0f7f8c;
--truth:#1f9d55;--answer:#e8590c;--located:#2b6cd4;--good:#1f7a45;--bad:#b3264a}
@media (prefers-color-scheme:dark){:root{--bg:#14181f;--card:#1b212b;--ink:#e6e9ee;--soft:#9ba7b6;
--rule:#323b48;--s0:#6fa8f5;--s1:#f09a52;--s2:#5cc98d;--s3:#c68ae6;--s4:#f07f9b;--s5:#56c7d3;
--truth:#4ade80;--answer:#fb923c;--located:#7db2ff;--good:#5cc98d;--bad:#f07f9b}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1180px;padding:24px 20px 60px;background:var(--bg);color:var(--ink);
font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:1.7em;margin:0 0 2px}h2{font-size:1.2em;margin:36px 0 10px;padding-bottom:4px;
border-bottom:1px solid var(--rule)}h3{font-size:.95em;margin:0 0 4px;font-weight:600}.wide+h3{margin-top:22px}
p{margin:6px 0;max-width:80ch}.soft{color:var(--soft)}
code,pre{font:13px/1.45 ui-monospace,"DejaVu Sans Mono",monospace}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--bg);border:1px solid var(--rule);
border-radius:6px;padding:8px 10px;margin:6px 0;max-height:22em;overflow:auto}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:10px;margin:14px 0}
.fact{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:8px 12px}
.fact span{display:block;font-size:.8em;color:var(--soft)}.fact b{overflow-wrap:anywhere}
.grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:14px}
.chart,.trace{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:8px;
padding:12px 14px}
.chart svg{display:block;width:100%;height:auto}
.grid{stroke:var(--rule)}.axis{stroke:var(--soft)}.mark{stroke:var(--soft);stroke-dasharray:3 3}
.tick{fill:var(--soft);font-size:10.5px}.label{fill:var(--soft);font-size:11.5px}
.line{fill:none;stroke-width:1.7;stroke-linejoin:round}
.c0{stroke:var(--s0)}.c1{stroke:var(--s1)}.c2{stroke:var(--s2)}.c3{stroke:var(--s3)}
.c4{stroke:var(--s4)}.c5{stroke:var(--s5)}.dot{fill:var(--card);stroke-width:1.4}
.b0{background:var(--s0)}.b1{background:var(--s1)}.b2{background:var(--s2)}
.b3{background:var(--s3)}.b4{background:var(--s4)}.b5{background:var(--s5)}
figcaption{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:.83em;margin-top:6px}
.key i{display:inline-block;width:14px;height:3px;border-radius:2px;margin-right:5px;
vertical-align:middle}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92em}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--rule);
vertical-align:top}th{font-weight:600;color:var(--soft)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.up{color:var(--good);font-weight:600}.down{color:var(--bad);font-weight:600}
.trace{margin-top:14px}.trace .cols{display:grid;gap:16px;
grid-template-columns:minmax(0,340px) minmax(0,1fr)}
@media (max-width:760px){.trace .cols{grid-template-columns:1fr}}
.trace svg{width:100%;height:auto;border-radius:6px;display:block}
.trace img{width:112px;height:112px;image-rendering:auto;border-radius:6px;display:block}
.box{fill:none;stroke-width:2.5;vector-effect:non-scaling-stroke}
.truth{stroke:var(--truth)}.answer{stroke:var(--answer)}
.located{stroke:var(--located);stroke-dasharray:5 3}
.view{stroke:#fff;stroke-opacity:.75;stroke-width:1.2;stroke-dasharray:2 3}
.bt{background:var(--truth)}.ba{background:var(--answer)}.bl{background:var(--located)}
.call{display:flex;gap:12px;align-items:flex-start;margin:8px 0}
.plain{margin:0}summary{cursor:pointer;color:var(--soft)}details{margin:8px 0}
)css";

}  // namespace nelumbo
