"""Comes in: nothing. Goes out: the look of an explanation in HTML, as two constant style texts.

``STYLE`` is for a decision, wherever it is shown: each of its selectors begins with the one class
``voucher-rules``, so that nothing else on a page changes. ``PAGE_STYLE`` is for pages of our own.
"""

from __future__ import annotations

from typing import Final

STYLE: Final = """\
.voucher-rules {
  --ink: #1d1c1a; --soft: #5b5851; --line: #d8d4ca; --wash: #f5f2eb; --paper: #ffffff;
  --good: #1c5b35; --bad: #96231c; --open: #74470a; --link: #1b4e87;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", "Songti SC",
    "Noto Serif CJK SC", "Source Han Serif SC", STSong, SimSun, serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace;
  box-sizing: border-box; max-width: 46rem; padding: 1.25rem 1.5rem;
  background: var(--paper); color: var(--ink); font-size: 1rem; line-height: 1.6;
  text-align: start; overflow-wrap: anywhere; line-break: strict;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
.voucher-rules:lang(zh), .voucher-rules .vr-decision:lang(zh) {
  --sans: "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC",
    "Source Han Sans SC", system-ui, sans-serif;
  --serif: "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", STSong, SimSun,
    serif;
}
.voucher-rules .vr-decision:lang(en) {
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", "Songti SC",
    "Noto Serif CJK SC", "Source Han Serif SC", STSong, SimSun, serif;
}
.voucher-rules, .voucher-rules .vr-decision { font-family: var(--sans); }
.voucher-rules * { box-sizing: border-box; }
.voucher-rules p, .voucher-rules ul.vr-lines, .voucher-rules ul.vr-steps {
  margin: 0; padding: 0; list-style: none;
}
.voucher-rules .vr-title, .voucher-rules .vr-heading, .voucher-rules .vr-outcome {
  margin: 0; padding: 0; border: 0; color: inherit; font-family: var(--serif); font-weight: 700;
  line-height: 1.35; letter-spacing: 0; text-transform: none;
}
.voucher-rules .vr-title::first-letter, .voucher-rules .vr-heading::first-letter,
.voucher-rules .vr-word::first-letter, .voucher-rules .vr-text::first-letter,
.voucher-rules .vr-label::first-letter, .voucher-rules .vr-soft::first-letter,
.voucher-rules .vr-aside::first-letter, .voucher-rules .vr-note::first-letter,
.voucher-rules .vr-rest > summary::first-letter, .voucher-rules .vr-foot p::first-letter {
  text-transform: uppercase;
}
.voucher-rules :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.voucher-rules a { color: var(--link); text-decoration: underline; text-underline-offset: .15em; }
.voucher-rules .vr-soft { color: var(--soft); font-size: .875rem; }
.voucher-rules .vr-good { --tone: var(--good); }
.voucher-rules .vr-bad { --tone: var(--bad); }
.voucher-rules .vr-open { --tone: var(--open); }
.voucher-rules .vr-plain { --tone: var(--soft); }

.voucher-rules .vr-title { margin-top: .1rem; font-size: 1.375rem; }
.voucher-rules .vr-verdict {
  margin: 1.1rem 0 .9rem; padding: .1rem 0 .2rem 1.1rem; border-left: 5px solid var(--tone);
}
.voucher-rules .vr-outcome { display: flex; gap: .5rem; color: var(--tone); font-size: 2rem; }
.voucher-rules .vr-outcome .vr-sign { flex: none; font-family: var(--sans); }
.voucher-rules .vr-word { display: block; min-width: 0; }
.voucher-rules .vr-amount { margin-top: .5rem; }
.voucher-rules .vr-label { display: block; color: var(--soft); font-size: .9375rem; }
.voucher-rules .vr-figure {
  display: block; font-size: 1.75rem; font-weight: 700; line-height: 1.3;
  font-variant-numeric: lining-nums tabular-nums;
}
.voucher-rules .vr-figure.vr-long { font-size: 1.1875rem; }
.voucher-rules .vr-aside { margin-top: .5rem; }

.voucher-rules .vr-section { margin-top: 1.6rem; }
.voucher-rules .vr-heading {
  padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.125rem;
}
.voucher-rules .vr-line {
  display: grid; grid-template-columns: 1.1rem minmax(0, 1fr); column-gap: .45rem; margin: 0;
  padding: .4rem 0;
}
.voucher-rules .vr-line .vr-sign { color: var(--tone); font-weight: 700; text-align: center; }
.voucher-rules .vr-text { display: block; }
.voucher-rules .vr-sum {
  display: inline-block; max-width: 100%; font-variant-numeric: tabular-nums;
}
.voucher-rules .vr-ref { display: inline-block; max-width: 100%; color: var(--soft); }
.voucher-rules .vr-note { color: var(--soft); font-size: .9375rem; }
.voucher-rules code {
  padding: 0; border: 0; background: none; color: var(--soft); font-family: var(--mono);
  font-size: .8125rem; white-space: normal;
}
.voucher-rules .vr-binding .vr-good {
  --tone: var(--ink); margin: .5rem 0; padding: .6rem .75rem .6rem 0; background: var(--wash);
  border-radius: 3px;
}
.voucher-rules .vr-binding .vr-good .vr-text { font-weight: 600; }
.voucher-rules .vr-binding .vr-good .vr-ref { font-weight: 400; }
.voucher-rules .vr-rest > summary { color: var(--soft); font-size: .9375rem; }
.voucher-rules .vr-results .vr-sum { font-weight: 700; }

.voucher-rules .vr-fold { margin-top: 1.6rem; }
.voucher-rules .vr-fold + .vr-fold { margin-top: .5rem; }
.voucher-rules summary {
  display: grid; grid-template-columns: 1.1rem minmax(0, 1fr); column-gap: .45rem; margin: 0;
  padding: .3rem 0; list-style: none; cursor: pointer;
}
.voucher-rules summary::-webkit-details-marker { display: none; }
.voucher-rules summary::before {
  content: ""; align-self: start; justify-self: center; width: 0; height: 0; margin-top: .5em;
  border: .3em solid transparent; border-left: .42em solid var(--soft); border-right: 0;
}
.voucher-rules details[open] > summary::before {
  margin-top: .6em; border: .3em solid transparent; border-top: .42em solid var(--soft);
  border-bottom: 0;
}
.voucher-rules summary:hover { background: var(--wash); }
.voucher-rules .vr-fold > summary { border-bottom: 1px solid var(--line); }
.voucher-rules .vr-fold > summary .vr-heading { padding: 0; border: 0; font-size: 1.0625rem; }

.voucher-rules .vr-rule { border-bottom: 1px solid var(--line); font-size: .9375rem; }
.voucher-rules .vr-rule > summary, .voucher-rules .vr-rule.vr-bare {
  grid-template-columns: 1.1rem 6.5rem minmax(0, 1fr); padding: .35rem 0;
}
.voucher-rules .vr-rule.vr-bare { display: grid; column-gap: .45rem; padding-left: 1.55rem;
  grid-template-columns: 6.5rem minmax(0, 1fr); }
.voucher-rules .vr-status { color: var(--tone); font-weight: 600; }
.voucher-rules .vr-steps { padding: 0 0 .5rem 1.55rem; }
.voucher-rules .vr-steps .vr-steps { padding: 0 0 0 .8rem; border-left: 1px solid var(--line); }
.voucher-rules .vr-steps li { margin: 0; padding: .1rem 0; font-size: .875rem; }
.voucher-rules .vr-step { color: var(--soft); }
.voucher-rules .vr-value { font-weight: 600; font-variant-numeric: tabular-nums; }
.voucher-rules .vr-foot {
  margin-top: 1.6rem; color: var(--soft);
  font-size: .8125rem;
}

@media (max-width: 30rem) {
  .voucher-rules { padding: 1rem; }
  .voucher-rules .vr-outcome { font-size: 1.625rem; }
  .voucher-rules .vr-verdict { padding-left: .8rem; }
  .voucher-rules .vr-sum { display: inline; }
  .voucher-rules .vr-rule > summary { grid-template-columns: 1.1rem minmax(0, 1fr); }
  .voucher-rules .vr-rule > summary .vr-told { grid-column: 2; }
  .voucher-rules .vr-rule.vr-bare { grid-template-columns: minmax(0, 1fr); }
  .voucher-rules .vr-steps .vr-steps { padding-left: .55rem; }
}
@media screen and (prefers-color-scheme: dark) {
  .voucher-rules {
    --ink: #e9e6df; --soft: #b0aca3; --line: #3d3b37; --wash: #26241f; --paper: #181715;
    --good: #86cf9f; --bad: #f3a39b; --open: #e8bd74; --link: #93bef0;
    color-scheme: dark;
  }
}
@media print {
  .voucher-rules {
    --ink: #000000; --soft: #000000; --line: #999999; --wash: #ffffff; --paper: #ffffff;
    --good: #000000; --bad: #000000; --open: #000000; --link: #000000;
    max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.45;
  }
  .voucher-rules details::details-content {
    display: block; content-visibility: visible; block-size: auto; opacity: 1;
  }
  .voucher-rules summary::before { display: none; }
  .voucher-rules summary { grid-template-columns: minmax(0, 1fr); }
  .voucher-rules .vr-heading, .voucher-rules .vr-title, .voucher-rules summary {
    break-after: avoid; break-inside: avoid;
  }
  .voucher-rules .vr-line, .voucher-rules .vr-rule, .voucher-rules .vr-verdict,
  .voucher-rules .vr-foot { break-inside: avoid; }
  .voucher-rules .vr-binding .vr-good { border: 1px solid #000000; }
  .voucher-rules p { orphans: 3; widows: 3; }
}
"""

PAGE_STYLE: Final = """\
@page { size: A4; margin: 18mm 18mm 20mm; }
body.voucher-rules { margin: 0 auto; min-height: 100vh; padding: 2.5rem 1.5rem; }
.voucher-rules .vr-contents {
  width: 100%; margin-top: 1.25rem; border-collapse: collapse; font-size: .9375rem;
}
.voucher-rules .vr-contents th, .voucher-rules .vr-contents td {
  padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); text-align: start;
  vertical-align: top;
}
.voucher-rules .vr-contents thead th { color: var(--soft); font-size: .8125rem; }
.voucher-rules .vr-contents tbody th { font-weight: 600; }
.voucher-rules .vr-contents td.vr-good, .voucher-rules .vr-contents td.vr-bad,
.voucher-rules .vr-contents td.vr-open { color: var(--tone); font-weight: 600; }
.voucher-rules .vr-case {
  margin-top: 3rem; padding-top: 1.25rem; border-top: 3px solid var(--ink);
}
.voucher-rules .vr-name { margin-bottom: .75rem; font-size: 1.5rem; }
.voucher-rules .vr-case .vr-decision .vr-title { font-size: 1.1875rem; }
@media (max-width: 30rem) {
  body.voucher-rules { padding: 1.25rem 1rem; }
}
@media print {
  body.voucher-rules { min-height: 0; padding: 0; }
  .voucher-rules .vr-contents tr { break-inside: avoid; }
  .voucher-rules .vr-case { margin-top: 0; border-top: 0; padding-top: 0; break-before: page; }
}
"""
