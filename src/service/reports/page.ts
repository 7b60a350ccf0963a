/** A report as one HTML file that needs nothing beside it: light, printable, readable by keyboard and ear. */
import {
  dataSection,
  measuredSection,
  methodSection,
  repeatSection,
  unreadSection,
  versionSection,
} from './circumstances.ts';
import type { ReportContents } from './contents.ts';
import { answerSection, cautionSection, questionSection, resultSection } from './findings.ts';
import { html } from '../../contract/html.ts';
import { modelSection } from './models.ts';

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { background: #fff; color: #12161d; font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; margin: 0 auto; max-width: 860px; padding: 32px 24px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
h2 { border-top: 1px solid #dfe2e7; font-size: 20px; margin: 36px 0 8px; padding-top: 16px; }
h3 { font-size: 15px; margin: 20px 0 4px; }
p { margin: 8px 0; max-width: 72ch; }
.lead, caption, figcaption { color: #4a5160; }
.answer { font-size: 17px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 20px 0; width: 100%; }
caption { caption-side: top; padding-bottom: 6px; text-align: left; }
th, td { border-bottom: 1px solid #dfe2e7; padding: 5px 10px 5px 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom-color: #868d99; font-size: 13px; }
tbody th { font-weight: 500; }
.number { text-align: right; padding-right: 0; padding-left: 10px; overflow-wrap: normal; }
.number + td:not(.number), .number + th:not(.number) { padding-left: 20px; }
.right { background: #eceefb; font-weight: 600; }
.file { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: 12px; }
dl { display: grid; gap: 6px 20px; grid-template-columns: minmax(110px, 190px) 1fr; margin: 12px 0; }
dt { color: #4a5160; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 20px 0; }
svg { display: block; height: auto; max-width: 720px; width: 100%; }
svg text { fill: #2b313c; font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
svg .group { font-weight: 600; }
pre { background: #f5f6f8; font: 12px/1.5 ui-monospace, 'DejaVu Sans Mono', monospace; padding: 16px; white-space: pre-wrap; overflow-wrap: anywhere; }
@page { margin: 18mm 16mm; }
@media print {
  body { font-size: 11pt; max-width: none; padding: 0; }
  h2, h3, caption { break-after: avoid; }
  figure, table, tr, .answer { break-inside: avoid; }
  pre { border: 1px solid #dfe2e7; }
}`;

export function reportPage(contents: ReportContents): string {
  const { study, program, writtenAt } = contents;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="generator" content="Pretext Studio ${program}" />
        <title>${study.name}: report</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <main>
          <h1>${study.name}</h1>
          <p class="lead">A study with Pretext Studio, written down on ${writtenAt.slice(0, 10)}</p>
          ${answerSection(contents)} ${questionSection(contents)} ${cautionSection(contents)}
          ${resultSection(contents)} ${modelSection(contents)} ${measuredSection(contents)}
          ${dataSection(contents)} ${unreadSection(contents)} ${methodSection(contents)}
          ${repeatSection(contents)} ${versionSection(contents)}
        </main>
      </body>
    </html> `;
  return page.html;
}
