"""Comes in: nothing. Goes out: what the pages of a ruleset add to the look of explanations."""

from __future__ import annotations

from typing import Final

PUBLISHED_STYLE: Final = """\
@page {
  size: A4; margin: 16mm;
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 8pt; }
}
body.voucher-rules { margin: 0 auto; padding: 2em 1.5em; max-width: 64em; font-size: .9375rem; }
.voucher-rules .vr-name { font-size: 1.5em; }
.voucher-rules h2.vr-name { font-size: 1.3125em; }
.voucher-rules .vr-name::first-letter, .voucher-rules .vp-cautions li::first-letter,
.voucher-rules .vp-contents li::first-letter, .voucher-rules .vp-caution::first-letter,
.voucher-rules .vp-none::first-letter, .voucher-rules .vp-label::first-letter,
.voucher-rules .vp-note::first-letter { text-transform: uppercase; }
.voucher-rules code { overflow-wrap: anywhere; }
.voucher-rules .vp-note, .voucher-rules .vp-label { color: var(--soft); font-size: .875em; }
.voucher-rules .vp-local {
  margin: .75em 0; padding: .5em .75em; border: 2px solid var(--bad); color: var(--bad);
  font-weight: 700;
}
.voucher-rules .vp-cautions {
  margin: .75em 0; padding: .5em .75em .5em 2em; background: var(--wash);
  border-left: 4px solid var(--open);
}
.voucher-rules .vp-caution { color: var(--open); }
.voucher-rules .vp-pairs { margin: .5em 0; }
.voucher-rules .vp-pairs > div {
  display: grid; grid-template-columns: 9em minmax(0, 1fr); column-gap: 1em; padding: .15em 0;
}
.voucher-rules dt { color: var(--soft); }
.voucher-rules dt::first-letter, .voucher-rules .vp-says::first-letter,
.voucher-rules .vp-summary::first-letter, .voucher-rules .vp-table th::first-letter,
.voucher-rules .vp-topic::first-letter { text-transform: uppercase; }
.voucher-rules dd { margin: 0; min-width: 0; }
.voucher-rules dd ul, .voucher-rules dd ol, .voucher-rules .vp-reading ul {
  margin: 0; padding-left: 1.4em;
}
.voucher-rules dd ul ul { border-left: 1px solid var(--line); }
.voucher-rules .vp-contents { margin-top: 1em; }
.voucher-rules .vp-contents ul { display: flex; flex-wrap: wrap; gap: .25em 1.25em; margin: 0;
  padding: 0; list-style: none; font-weight: 600; }
.voucher-rules .vp-refs { font-size: .875em; }
.voucher-rules .vp-refs a { display: inline-block; margin-right: .75em; }
.voucher-rules .vp-part { margin-top: 2.5em; border-top: 3px solid var(--ink); padding-top: .75em; }

.voucher-rules .vp-table { width: 100%; margin: .5em 0; border-collapse: collapse;
  font-size: .9375em; }
.voucher-rules .vp-table th, .voucher-rules .vp-table td {
  padding: .35em .75em .35em 0; border-bottom: 1px solid var(--line); text-align: start;
  vertical-align: top; font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
.voucher-rules .vp-parameters td:nth-of-type(2), .voucher-rules .vp-parameters td:nth-of-type(3) {
  min-width: 4.5em;
}
.voucher-rules .vp-table thead th { color: var(--soft); font-size: .875em; }
.voucher-rules .vp-table tbody th { font-weight: 400; }
.voucher-rules .vp-limits tbody th { white-space: nowrap; }
.voucher-rules .vp-limits td:nth-child(n+3) { width: 13%; }
.voucher-rules .vp-facts tbody th, .voucher-rules .vp-decisions tbody th,
.voucher-rules .vp-cases tbody th, .voucher-rules .vp-parameters tbody th { width: 22%; }
.voucher-rules .vp-cells { width: auto; min-width: 40%; }
.voucher-rules .vp-history { margin-top: 1.5em; }
.voucher-rules .vp-states tbody th, .voucher-rules .vp-events tbody th,
.voucher-rules .vp-balances tbody th { width: 20%; }
.voucher-rules .vp-events td:nth-of-type(1) { width: 24%; }
.voucher-rules .vp-events td:nth-of-type(3) { width: 8em; }
.voucher-rules .vp-balances td { width: 20%; }
.voucher-rules .vp-cells tbody th { min-width: 6em; }
.voucher-rules .vp-granted { color: var(--good); }
.voucher-rules .vp-denied { color: var(--bad); }
.voucher-rules .vp-referred, .voucher-rules .vp-undetermined { color: var(--open); }
.voucher-rules .vp-lacking { color: var(--bad); font-weight: 600; }
.voucher-rules .vp-none { color: var(--soft); font-style: normal; }

.voucher-rules .vp-provision { margin-top: 1.5em; }
.voucher-rules .vp-provision .vp-provision {
  margin-left: .25em; padding-left: 1em; border-left: 2px solid var(--line);
}
.voucher-rules .vp-provision > .vr-heading { display: flex; justify-content: space-between; }
.voucher-rules .vp-other { font: 400 .75rem var(--sans); align-self: end; }
.voucher-rules .vp-summary { margin: .4em 0; }
.voucher-rules .vp-pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
  column-gap: 1.5em; margin: .5em 0; }
.voucher-rules .vp-wording { padding: .25em .75em; background: var(--wash);
  border-left: 3px solid var(--bad); }
.voucher-rules .vp-wording blockquote { margin: .25em 0; font-family: var(--serif); }
.voucher-rules .vp-wording .vp-label { color: var(--bad); }
.voucher-rules .vp-drifted { font-weight: 700; }
.voucher-rules .vp-rule, .voucher-rules .vp-reading {
  margin: .75em 0; padding: .5em .75em; border: 1px solid var(--line); border-radius: 3px;
}
.voucher-rules .vp-reading { border-left: 4px solid var(--open); }
.voucher-rules .vp-says { margin: 0; font-size: 1em; font-weight: 600; line-height: 1.45; }
.voucher-rules .vp-marks { display: flex; flex-wrap: wrap; gap: .1em .75em; align-items: baseline; }
.voucher-rules .vp-topic { color: var(--soft); font-size: .875em; }
.voucher-rules .vp-mark {
  padding: 0 .4em; border: 1px solid var(--open); border-radius: 3px; color: var(--open);
  font-size: .8125em;
}
.voucher-rules .vp-formula { display: block; }
.voucher-rules .vp-caption { margin-top: .75em; }
.voucher-rules .vp-fold { margin: .5em 0; }
.voucher-rules .vp-fold > summary { color: var(--soft); font-size: .9375em; }
.voucher-rules :target { scroll-margin-top: 1em; outline: 2px solid var(--link);
  outline-offset: 3px; }
.voucher-rules section:target { outline: 0; }
.voucher-rules section:target > .vr-heading { color: var(--link); }

@media (max-width: 640px) {
  body.voucher-rules { padding: 1.25em 1em; }
  .voucher-rules .vp-pairs > div { grid-template-columns: minmax(0, 1fr); padding: .3em 0; }
  .voucher-rules .vp-pairs dt { font-size: .8125em; }
  .voucher-rules .vp-pair { grid-template-columns: minmax(0, 1fr); }
  .voucher-rules .vp-provision .vp-provision { margin-left: 0; padding-left: .6em; }
  .voucher-rules .vp-table:not(.vp-cells), .voucher-rules .vp-table:not(.vp-cells) tbody,
  .voucher-rules .vp-table:not(.vp-cells) tr, .voucher-rules .vp-table:not(.vp-cells) th,
  .voucher-rules .vp-table:not(.vp-cells) td { display: block; width: auto; }
  .voucher-rules .vp-table:not(.vp-cells) thead { display: none; }
  .voucher-rules .vp-table:not(.vp-cells) tr {
    padding: .5em 0; border-bottom: 1px solid var(--line);
  }
  .voucher-rules .vp-table:not(.vp-cells) tbody th, .voucher-rules .vp-table:not(.vp-cells) td {
    display: grid; grid-template-columns: 6.5em minmax(0, 1fr); column-gap: .6em; padding: .1em 0;
    border: 0;
  }
  .voucher-rules .vp-table:not(.vp-cells) td:empty { display: none; }
  .voucher-rules .vp-table:not(.vp-cells) [data-label]::before {
    content: attr(data-label); color: var(--soft); font-size: .8125em;
  }
  .voucher-rules .vp-cells { width: 100%; }
}
@media print {
  body.voucher-rules { padding: 0; max-width: none; }
  .voucher-rules .vp-rule, .voucher-rules .vp-reading, .voucher-rules .vp-table tr {
    break-inside: avoid;
  }
}
"""
