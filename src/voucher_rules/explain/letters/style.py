"""Comes in: nothing. Goes out: the look of a letter, on a screen and printed on A4.

A letter is paper: it stays dark on white also where a screen is set to dark.
"""

from __future__ import annotations

from typing import Final

LETTER_STYLE: Final = """\
:root {
  color-scheme: light;
  --ink: #1d1c1a; --soft: #55524b; --line: #cfcabf; --wash: #f5f2eb; --paper: #ffffff;
  --good: #1c5b35; --bad: #96231c; --open: #74470a; --plain: #55524b;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", "Songti SC",
    "Noto Serif CJK SC", "Source Han Serif SC", STSong, SimSun, serif;
}
:root:lang(zh) {
  --sans: "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC",
    "Source Han Sans SC", system-ui, sans-serif;
  --serif: "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", STSong, SimSun,
    serif;
}
@page {
  size: A4; margin: 18mm 20mm 17mm;
  @top-left { font-family: var(--sans); font-size: 8pt; }
  @top-right { font-family: var(--sans); font-size: 8pt; }
  @bottom-center {
    content: counter(page) " / " counter(pages); font-family: var(--sans); font-size: 8pt;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--wash); color: var(--ink); font-family: var(--sans);
  font-size: 1rem; line-height: 1.6; line-break: strict; overflow-wrap: anywhere;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
.letter { max-width: 48em; margin: 2em auto; padding: 3em 3.5em; background: var(--paper); }
p, ul, dl, dd { margin: 0; padding: 0; }
h1, h2, h3, h4 { margin: 0; font-family: var(--serif); line-height: 1.35; }
h1 { font-size: 1.5em; }
h2 { padding-bottom: .2em; border-bottom: 1px solid var(--line); font-size: 1.125em; }
h3, h4 { font-size: 1em; }
.issuer { margin-bottom: 1.2em; padding-bottom: .4em; border-bottom: 2px solid var(--ink);
  font-family: var(--serif); font-weight: 700; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15em 1.25em;
  margin-top: .9em; }
dt, .label, .note, .vr-ref { color: var(--soft); }
.good { --tone: var(--good); }
.bad { --tone: var(--bad); }
.open { --tone: var(--open); }
.plain { --tone: var(--plain); }
.verdict { margin-top: 1.5em; padding: .2em 0 .2em 1.1em; border-left: 5px solid var(--tone); }
.verdict p + p { margin-top: .4em; }
.outcome { display: flex; gap: .5em; color: var(--tone); font-family: var(--serif);
  font-size: 1.6em; font-weight: 700; line-height: 1.3; }
.outcome .vr-sign { flex: none; font-family: var(--sans); }
.amount .label { display: block; }
.amount strong { font-size: 1.25em; font-variant-numeric: lining-nums tabular-nums; }
.grave { margin-top: 1.4em; padding: .8em 1em; border: 2px solid var(--bad); }
.grave h2 { border: 0; padding: 0; color: var(--bad); }
.part { margin-top: 1.7em; }
.part .part { margin-top: 1em; }
.part .part .part { margin-top: .6em; }
.part .part .part h4 { font-weight: 400; font-family: var(--sans); }
.lead { margin-top: .45em; }
.close { margin-top: .45em; }
.amount > .close, .of > .close { font-weight: 600; }
.lines { margin-top: .35em; list-style: none; }
.lines li { display: grid; grid-template-columns: 1.1em minmax(0, 1fr); column-gap: .45em;
  padding: .25em 0; }
.vr-sign { color: var(--tone); font-weight: 700; text-align: center; }
.note { font-size: .9375em; }
.dense { columns: 19em 2; column-gap: 2em; }
.dense li { break-inside: avoid; padding: .15em 0; }
.dense li:has(.note + .note) { column-span: all; }
.met .dense .vr-sign { font-weight: 400; }
.amount .good { --tone: var(--ink); padding: .5em .75em .5em .3em; background: var(--wash); }
.vr-ref { display: inline-block; max-width: 100%; }
.vr-whole { white-space: nowrap; }
.warnings, .law, .check { font-size: .9375em; }
.closing { margin-top: 2.5em; text-align: end; break-inside: avoid; }
@media (max-width: 560px) {
  .letter { margin: 0; padding: 1.5em 1.1em; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .4em; }
}
@media print {
  :root { --ink: #000000; --soft: #333333; --wash: #ffffff; --good: #000000; --bad: #000000;
    --open: #000000; --plain: #000000; --line: #999999; }
  body { font-size: 10pt; line-height: 1.45; }
  .letter { max-width: none; margin: 0; padding: 0; }
  h1, h2, h3, h4, .issuer, .lead { break-after: avoid; }
  .verdict, .grave, .lines li, .lead, .close, header { break-inside: avoid; }
  .verdict { margin-top: 1.1em; }
  .lines li { padding: .1em 0; }
  .dense li { padding: .05em 0; }
  .amount .good { padding: .3em .75em .3em .3em; border: 1px solid #000000; }
  .part { margin-top: .95em; }
  .part .part { margin-top: .7em; }
  .closing { margin-top: 1.2em; break-before: avoid; }
  .remedies { break-inside: avoid; }
  .check { font-size: 8.5pt; }
  p { orphans: 3; widows: 3; }
}
"""
