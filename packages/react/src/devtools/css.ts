// The style of the devtools, in light and dark.

/** For a constructed style sheet. */
export const css = `
:host {
  all: initial;
  position: fixed;
  z-index: 2147483647;
  inset: auto 0 0 0;
  pointer-events: none;
  color-scheme: light dark;
  --surface: light-dark(#ffffff, #14191c);
  --sunken: light-dark(#f1f3f4, #1d2428);
  --text: light-dark(#182126, #e8edef);
  --muted: light-dark(#4f5b62, #a9b6bc);
  --line: light-dark(#d3d9dc, #344047);
  --accent: light-dark(#0b5c8a, #7cc4ef);
  --good: light-dark(#176338, #7fd6a4);
  --bad: light-dark(#a3281f, #ffa79c);
  --tabs: light-dark(#6a3d9a, #cfb3f2);
}
*, *::before, *::after { box-sizing: border-box; }
aside {
  position: fixed;
  inset: auto 0 0 0;
  display: grid;
  justify-items: end;
  font: 13px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  color: var(--text);
}
aside.left { justify-items: start; }
aside.top { inset: 0 0 auto 0; }
button {
  padding: 4px 12px;
  min-height: 28px;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--surface);
  color: var(--text);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
  pointer-events: auto;
}
button:hover { background: var(--sunken); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.opener {
  margin: 12px;
  padding: 6px 14px;
  border-radius: 999px;
  touch-action: none;
  box-shadow: 0 2px 10px rgb(0 0 0 / 25%);
}
.panel {
  width: 100%;
  height: min(46vh, 30rem);
  border-block: 1px solid var(--line);
  background: var(--surface);
  pointer-events: auto;
}
.panel > p { margin: 0; padding: 16px; }
.panel-body {
  display: grid;
  grid-template-columns: minmax(0, 1fr) 22rem;
  height: 100%;
}
section { padding: 10px 16px; }
.facts { overflow: auto; border-inline-start: 1px solid var(--line); }
.tools > :not(h2) { display: flex; flex-wrap: wrap; gap: 6px; }
.timeline { display: grid; grid-template-rows: auto auto minmax(0, 1fr); min-height: 0; }
header { display: flex; align-items: center; justify-content: space-between; margin-block-end: 6px; }
h2 { margin: 0 0 6px; font-size: 13px; }
header h2 { margin: 0; }
p, dl, dd, ul { margin: 0; padding: 0; }
ul { display: grid; gap: 10px; list-style: none; }
li p:nth-child(2) { overflow-wrap: anywhere; }
li p:last-child, section > p, time, small, dt { color: var(--muted); }
strong { color: var(--bad); }
dl { display: grid; gap: 2px; margin-block-end: 8px; }
dl > div { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 8px; }
dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
pre {
  margin: 8px 0 0;
  padding: 8px;
  overflow: auto;
  border-radius: 6px;
  background: var(--sunken);
  font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace;
}
.scroller { overflow: auto; border: 1px solid var(--line); border-radius: 6px; }
.scroller:not(:has(tbody > tr)) { display: none; }
table { width: 100%; border-collapse: collapse; }
thead th {
  position: sticky;
  inset-block-start: 0;
  background: var(--sunken);
  text-align: start;
}
th, td { padding: 2px 10px; vertical-align: top; }
td { min-width: 11rem; border-inline-start: 1px solid var(--line); }
thead th + th { border-inline-start: 1px solid var(--line); }
th[scope='row'] { width: 1px; font-weight: 400; text-align: start; font-variant-numeric: tabular-nums; }
.after-pause > * { border-block-start: 1px dashed var(--line); }
.step { display: block; border-inline-start: 3px solid var(--line); padding-inline-start: 8px; overflow-wrap: anywhere; }
.good { border-color: var(--good); color: var(--good); }
.bad { border-color: var(--bad); color: var(--bad); font-weight: 600; }
.tabs { border-color: var(--tabs); color: var(--tabs); }
small { font-size: 12px; font-weight: 400; }
@media (max-width: 56rem) {
  .panel { height: 60vh; overflow: auto; }
  .panel-body { grid-template-columns: minmax(0, 1fr); height: auto; }
  .facts { border-inline-start: 0; }
  .scroller { max-height: 32vh; }
}
`
