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
  box-sizing: border-box; max-width: 46em; padding: 1.25em 1.5em;
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
.voucher-rules .vr-title, .voucher-rules .vr-heading, .voucher-rules .vr-outcome,
.voucher-rules .vr-name {
  margin: 0; padding: 0; border: 0; color: inherit; font-family: var(--serif); font-weight: 700;
  line-height: 1.35; letter-spacing: 0; text-transform: none;
}
.voucher-rules .vr-title::first-letter, .voucher-rules .vr-heading::first-letter,
.voucher-rules .vr-word::first-letter, .voucher-rules .vr-text::first-letter,
.voucher-rules .vr-label::first-letter, .voucher-rules .vr-soft::first-letter,
.voucher-rules .vr-aside::first-letter, .voucher-rules .vr-note::first-letter {
  text-transform: uppercase;
}
.voucher-rules :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.voucher-rules a { color: var(--link); text-decoration: underline; text-underline-offset: .15em; }
.voucher-rules .vr-soft { color: var(--soft); font-size: .875em; }
.voucher-rules .vr-whole { display: inline-block; max-width: 100%; }
.voucher-rules .vr-line .vr-whole { display: inline; white-space: nowrap; }
.voucher-rules .vr-good { --tone: var(--good); }
.voucher-rules .vr-bad { --tone: var(--bad); }
.voucher-rules .vr-open { --tone: var(--open); }
.voucher-rules .vr-plain { --tone: var(--soft); }

.voucher-rules .vr-title { margin-top: .1em; font-size: 1.375em; }
.voucher-rules .vr-verdict {
  margin: 1.1em 0 .9em; padding: .1em 0 .2em 1.1em; border-left: 5px solid var(--tone);
}
.voucher-rules .vr-outcome { display: flex; gap: .5em; color: var(--tone); font-size: 2em; }
.voucher-rules .vr-outcome .vr-sign { flex: none; font-family: var(--sans); }
.voucher-rules .vr-word { display: block; min-width: 0; }
.voucher-rules .vr-amount { margin-top: .5em; }
.voucher-rules .vr-label { display: block; color: var(--soft); font-size: .9375em; }
.voucher-rules .vr-figure {
  display: block; font-size: 1.75em; font-weight: 700; line-height: 1.3;
  font-variant-numeric: lining-nums tabular-nums;
}
.voucher-rules .vr-figure.vr-long { font-size: 1.1875em; }
.voucher-rules .vr-aside { margin-top: .5em; }

.voucher-rules .vr-section { margin-top: 1.6em; }
.voucher-rules .vr-heading {
  padding-bottom: .25em; border-bottom: 1px solid var(--line); font-size: 1.125em;
}
.voucher-rules .vr-section > .vr-heading { margin: 0; }
.voucher-rules .vr-line {
  display: grid; grid-template-columns: 1.1em minmax(0, 1fr); column-gap: .45em; margin: 0;
  padding: .4em 0;
}
.voucher-rules .vr-line .vr-sign { color: var(--tone); font-weight: 700; text-align: center; }
.voucher-rules .vr-text { display: block; }
.voucher-rules .vr-sum {
  display: inline-block; max-width: 100%; font-variant-numeric: tabular-nums;
}
.voucher-rules .vr-ref { display: inline-block; max-width: 100%; color: var(--soft); }
.voucher-rules .vr-note { color: var(--soft); font-size: .9375em; }
.voucher-rules code {
  padding: 0; border: 0; background: none; color: var(--soft); font-family: var(--mono);
  font-size: .8125em; white-space: normal;
}
.voucher-rules .vr-binding .vr-good {
  --tone: var(--ink); grid-template-columns: .8em minmax(0, 1fr); margin: .5em 0;
  padding: .6em .75em .6em .3em; background: var(--wash); border-radius: 3px;
}
.voucher-rules .vr-binding .vr-good .vr-text { font-weight: 600; }
.voucher-rules .vr-binding .vr-sum { font-weight: 400; }
.voucher-rules .vr-rest > summary { color: var(--soft); font-size: .9375em; }
.voucher-rules .vr-results .vr-sum { font-weight: 700; }
.voucher-rules .vr-main .vr-sum { font-size: 1.25em; }
.voucher-rules .vr-main .vr-whole { display: inline-block; white-space: normal; }
.voucher-rules .vr-main .vr-ref { font-size: .8em; }
.voucher-rules .vr-results .vr-ref { font-weight: 400; }

.voucher-rules .vr-fold { margin-top: 1.6em; }
.voucher-rules .vr-fold + .vr-fold { margin-top: .5em; }
.voucher-rules summary {
  display: grid; grid-template-columns: 1.1em minmax(0, 1fr); column-gap: .45em; margin: 0;
  padding: .3em 0; list-style: none; cursor: pointer;
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
.voucher-rules .vr-fold .vr-line { padding: .2em 0; }
.voucher-rules .vr-fold > ul.vr-lines { padding-top: .3em; }
.voucher-rules .vr-facts > ul.vr-lines, .voucher-rules .vr-missing > ul.vr-lines {
  columns: 20em 2; column-gap: 1.5em;
}
.voucher-rules .vr-facts .vr-line, .voucher-rules .vr-missing .vr-line { break-inside: avoid; }
.voucher-rules .vr-facts .vr-line:has(.vr-note) { column-span: all; }
.voucher-rules .vr-fold > summary { border-bottom: 1px solid var(--line); }
.voucher-rules .vr-fold > summary .vr-heading {
  margin: 0; padding: 0; border: 0; font-size: 1.0625em;
}

.voucher-rules .vr-rule { border-bottom: 1px solid var(--line); font-size: .9375em; }
.voucher-rules .vr-rule > summary, .voucher-rules .vr-rule.vr-bare {
  grid-template-columns: 1.1em 8em minmax(0, 1fr); padding: .35em 0;
}
.voucher-rules .vr-rule.vr-bare { display: grid; column-gap: .45em; padding-left: 1.55em;
  grid-template-columns: 8em minmax(0, 1fr); }
.voucher-rules .vr-status { color: var(--tone); font-weight: 600; }
.voucher-rules .vr-status .vr-sign { display: inline-block; width: 1em; text-align: center; }
.voucher-rules .vr-rule > ul.vr-steps { padding: 0 0 .5em 1.65em; font-size: .9375em; }
.voucher-rules .vr-steps ul.vr-steps { padding: 0 0 0 .8em; border-left: 1px solid var(--line); }
.voucher-rules .vr-steps li { margin: 0; padding: .1em 0; }
.voucher-rules .vr-step { color: var(--soft); }
.voucher-rules .vr-value { font-weight: 600; font-variant-numeric: tabular-nums; }
.voucher-rules .vr-foot { margin-top: 1.6em; color: var(--soft); font-size: .8125em; }

@media (max-width: 480px) {
  .voucher-rules { padding: 1em; }
  .voucher-rules .vr-outcome { font-size: 1.625em; }
  .voucher-rules .vr-verdict { padding-left: .8em; }
  .voucher-rules .vr-rule > summary { grid-template-columns: 1.1em minmax(0, 1fr); }
  .voucher-rules .vr-rule > summary .vr-told { grid-column: 2; }
  .voucher-rules .vr-rule.vr-bare { grid-template-columns: minmax(0, 1fr); }
  .voucher-rules .vr-steps ul.vr-steps { padding-left: .55em; }
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
  .voucher-rules .vr-rule > summary, .voucher-rules .vr-rule.vr-bare {
    grid-template-columns: 8.5em minmax(0, 1fr); padding: .25em 0 .1em;
  }
  .voucher-rules .vr-rule { font-size: 8.5pt; }
  .voucher-rules .vr-rule > ul.vr-steps { padding: 0 0 .3em 76pt; font-size: 8pt; }
  .voucher-rules .vr-line, .voucher-rules .vr-fold .vr-line { padding: .15em 0; }
  .voucher-rules .vr-section, .voucher-rules .vr-fold { margin-top: 1.1em; }
  .voucher-rules .vr-fold + .vr-fold { margin-top: 1.1em; }
  .voucher-rules .vr-heading, .voucher-rules .vr-title, .voucher-rules .vr-name,
  .voucher-rules summary {
    break-after: avoid; break-inside: avoid;
  }
  .voucher-rules .vr-line, .voucher-rules .vr-rule, .voucher-rules .vr-verdict,
  .voucher-rules .vr-foot { break-inside: avoid; }
  .voucher-rules .vr-binding .vr-good { border: 1px solid #000000; }
  .voucher-rules p { orphans: 3; widows: 3; }
}
"""

PAGE_STYLE: Final = """\
@page {
  size: A4; margin: 18mm 18mm 20mm;
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 8pt; }
}
body.voucher-rules { margin: 0 auto; min-height: 100vh; padding: 2.5em 1.5em; }
.voucher-rules .vr-contents {
  width: 100%; margin-top: 1.25em; border-collapse: collapse; font-size: .9375em;
}
.voucher-rules .vr-contents th, .voucher-rules .vr-contents td {
  padding: .45em .75em .45em 0; border-bottom: 1px solid var(--line); text-align: start;
  vertical-align: top;
}
.voucher-rules .vr-contents thead th::first-letter, .voucher-rules .vr-contents p::first-letter {
  text-transform: uppercase;
}
.voucher-rules .vr-contents .vr-mark { display: flex; gap: .35em; }
.voucher-rules .vr-contents thead th { color: var(--soft); font-size: .8125em; }
.voucher-rules .vr-contents thead th:first-child { width: 32%; }
.voucher-rules .vr-contents thead th:nth-child(2) { width: 26%; }
.voucher-rules .vr-contents tbody th { font-weight: 600; }
.voucher-rules .vr-contents td.vr-good, .voucher-rules .vr-contents td.vr-bad,
.voucher-rules .vr-contents td.vr-open { color: var(--tone); font-weight: 600; }
.voucher-rules .vr-case {
  margin-top: 3em; padding-top: 1.25em; border-top: 3px solid var(--ink);
}
.voucher-rules .vr-name { font-size: 1.5em; }
.voucher-rules .vr-case > .vr-name { margin-bottom: .75em; }
.voucher-rules .vr-case .vr-decision .vr-title { font-size: 1.1875em; }
@media (max-width: 480px) {
  body.voucher-rules { padding: 1.25em 1em; }
}
@media print {
  body.voucher-rules { min-height: 0; padding: 0; }
  .voucher-rules .vr-contents tr { break-inside: avoid; }
  .voucher-rules .vr-case { margin-top: 0; border-top: 0; padding-top: 0; break-before: page; }
}
"""
