"""Comes in: nothing. Goes out: what a report of a replay adds to the look of explanations."""

from __future__ import annotations

from typing import Final

REPLAY_STYLE: Final = """\
body.voucher-rules { max-width: 54em; }
.voucher-rules .vr-heading { margin: 1.6em 0 .2em; padding-bottom: .3em;
  border-bottom: 1px solid var(--line); font-size: 1.1875em; }
.voucher-rules .vr-heading + .vr-soft { margin: .35em 0 .2em; }
.voucher-rules .rp-table { width: 100%; margin: .4em 0 0; border-collapse: collapse;
  font-size: .9375em; }
.voucher-rules .rp-table th, .voucher-rules .rp-table td {
  padding: .4em .75em .4em 0; border-bottom: 1px solid var(--line); text-align: start;
  vertical-align: top; font-variant-numeric: tabular-nums;
}
.voucher-rules .rp-table thead th { color: var(--soft); font-size: .875em; white-space: nowrap; }
.voucher-rules .rp-table thead th::first-letter,
.voucher-rules .rp-table tbody th:not(.rp-code)::first-letter,
.voucher-rules .rp-table p::first-letter { text-transform: uppercase; }
.voucher-rules .rp-table tbody th { font-weight: 400; }
.voucher-rules .rp-table .vr-whole { white-space: nowrap; }
.voucher-rules .rp-number { text-align: end !important; white-space: nowrap; }
.voucher-rules .rp-name { white-space: nowrap; }
.voucher-rules .rp-faults th:first-child { width: 2.5em; padding-right: 1em; }
.voucher-rules .rp-faults .rp-whose { width: 30%; overflow-wrap: break-word; }
.voucher-rules .rp-verdicts tbody th { width: 27%; font-weight: 600; }
.voucher-rules .rp-verdicts td:nth-child(2) { width: 1.9em; padding-right: 0; color: var(--tone);
  font-weight: 700; }
.voucher-rules .rp-verdicts .vr-bad p:first-child, .voucher-rules .rp-verdicts .vr-open
p:first-child { color: var(--tone); font-weight: 600; }
.voucher-rules .rp-counts { display: flex; flex-wrap: wrap; gap: .15em 1.75em; margin: .4em 0 0; }
.voucher-rules .rp-counts > div { display: flex; gap: .5em; }
.voucher-rules .rp-counts dt, .voucher-rules .rp-counts dd { float: none; width: auto; }
.voucher-rules .rp-counts dt { color: var(--soft); }
.voucher-rules .rp-counts dt::first-letter { text-transform: uppercase; }
.voucher-rules .rp-counts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.voucher-rules .rp-case { margin: 1em 0 0; padding: .7em 1em .8em; background: var(--wash);
  border-left: 4px solid var(--tone); }
.voucher-rules .rp-case .vr-title { margin: 0; font-size: 1.0625em; }
.voucher-rules .rp-case .rp-kind { margin: .35em 0 0; color: var(--tone); font-weight: 600; }
.voucher-rules .rp-case .rp-rule { margin: .6em 0 0; font-weight: 600; }
.voucher-rules .rp-case .rp-kind::first-letter, .voucher-rules .rp-case .rp-rule::first-letter,
.voucher-rules .rp-case li::first-letter { text-transform: uppercase; }
.voucher-rules .rp-get { margin: .15em 0 .5em !important; overflow-wrap: anywhere; }
.voucher-rules .rp-get::first-letter { text-transform: uppercase; }
.voucher-rules .rp-refs { margin-top: .4em !important; }
.voucher-rules .rp-case ul { margin: .2em 0 0; padding: 0 0 0 1.2em; }
.voucher-rules .rp-case .vr-fold { margin-top: .6em; }
.voucher-rules .rp-case .vr-fold > summary { border: 0; color: var(--soft); font-size: .9375em; }
.voucher-rules .rp-differs td { font-weight: 700; }
.voucher-rules .rp-differs th, .voucher-rules .rp-differs td { color: var(--bad); }
.voucher-rules .rp-digest { font-family: var(--mono); font-size: .8125em; overflow-wrap: anywhere; }
.voucher-rules .rp-stamp {
  margin: 0 0 1.25em; padding: .7em 1em; border: 3px solid var(--bad); color: var(--bad);
  font-weight: 700;
}
.voucher-rules .rp-stamp strong { display: block; font-family: var(--serif); font-size: 1.625em;
  line-height: 1.25; text-transform: uppercase; letter-spacing: .08em; }
.voucher-rules .vr-foot { padding-top: .75em; border-top: 3px solid var(--ink); }
.voucher-rules .rp-wide { overflow-x: auto; }
.voucher-rules .rp-law { color: var(--soft); }
@media (max-width: 480px) {
  .voucher-rules .rp-verdicts tr { display: grid; grid-template-columns: 1.6em minmax(0, 1fr);
    border-bottom: 1px solid var(--line); padding: .35em 0; }
  .voucher-rules .rp-verdicts th, .voucher-rules .rp-verdicts td { border: 0; padding: 0; }
  .voucher-rules .rp-verdicts tbody th { grid-column: 2; grid-row: 1; width: auto; }
  .voucher-rules .rp-verdicts td:nth-child(2) { grid-column: 1; grid-row: 1; }
  .voucher-rules .rp-verdicts td:nth-child(3) { grid-column: 2; }
}
@media print {
  .voucher-rules .rp-table { font-size: 9pt; }
  .voucher-rules .rp-table tr { break-inside: avoid; }
  .voucher-rules .rp-table thead { display: table-header-group; }
  .voucher-rules .rp-case { border: 1px solid #000000; border-left-width: 4px; padding: .5em .75em;
    break-inside: avoid; }
  .voucher-rules .rp-case .vr-fold { font-size: 8.5pt; }
  .voucher-rules .rp-wide { overflow: visible; }
  .voucher-rules .rp-differs td, .voucher-rules .rp-differs th { text-decoration: underline; }
}
"""

REPORT_STYLE: Final = (
    REPLAY_STYLE
    + """\
.voucher-rules .rp-wide .rp-table { overflow-wrap: break-word; }
.voucher-rules .rp-wide .rp-table .rp-digest { overflow-wrap: anywhere; min-width: 12em; }
@media screen and (max-width: 640px) {
  .voucher-rules .rp-stack .rp-table, .voucher-rules .rp-stack tbody,
  .voucher-rules .rp-stack tr { display: block; }
  .voucher-rules .rp-stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  .voucher-rules .rp-stack tr { padding: .5em 0; border-bottom: 1px solid var(--line); }
  .voucher-rules .rp-stack tbody th, .voucher-rules .rp-stack tbody td { display: flow-root;
    width: auto !important; min-width: 0 !important; padding: .1em 0 .1em 8rem; border: 0;
    text-align: start !important; white-space: normal; overflow-wrap: anywhere; }
  .voucher-rules .rp-stack tbody th { font-weight: 600; }
  .voucher-rules .rp-stack tbody [data-label]::before { content: attr(data-label); float: left;
    width: 7.5rem; margin-left: -8rem; color: var(--soft); font-size: .875rem; font-weight: 400;
    font-family: var(--sans); overflow-wrap: break-word; }
  .voucher-rules .rp-stack tbody [data-label]::first-letter { text-transform: none !important; }
  .voucher-rules .rp-case { padding: .7em .8em .8em; }
}
"""
)
"""The look of a report of a log; its tables stack where a page is narrow."""
