// The style sheet of the page: light and dark, one column on phones, no remote asset.

/** As it stands in the document. */
export const style = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f3f4f8, #101218);
  --card: light-dark(#ffffff, #191c25);
  --line: light-dark(#d9dce6, #333848);
  --text: light-dark(#1a1d29, #eef0f6);
  --soft: light-dark(#565c70, #a5acc0);
  --accent: light-dark(#3d46c2, #a4adff);
  --wrong: light-dark(#a3182c, #ff9aa6);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 1160px;
  padding: 32px 24px;
  background: var(--page);
  color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header { margin-bottom: 24px; }
h1 { margin: 0; font-size: 28px; line-height: 1.25; letter-spacing: -0.01em; }
h2 { margin: 0 0 8px; font-size: 17px; }
p { margin: 0 0 12px; color: var(--soft); overflow-wrap: anywhere; }
a { color: var(--accent); }
code { font: 0.875em ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere; }
main { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 16px; }
section {
  min-width: 0;
  padding: 20px;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 14px;
}
.wide { grid-column: 1 / -1; }
ul { margin: 0; padding: 0; list-style: none; }
li { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 12px; padding: 8px 0; border-top: 1px solid var(--line); }
li > span { color: var(--soft); }
li > code { flex: 1 1 auto; }
meter { width: 100%; height: 10px; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 16px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: 8px 12px 8px 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; border-top: 0; }
td:nth-child(2) { overflow-wrap: anywhere; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.failed { color: var(--wrong); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (max-width: 860px) { main { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 480px) {
  body { padding: 20px 12px; }
  section { padding: 16px; }
  thead { position: absolute; clip-path: inset(50%); }
  tr { display: grid; grid-template-columns: auto 1fr auto; gap: 0 12px; padding: 8px 0; border-top: 1px solid var(--line); }
  td { padding: 0; border: 0; }
  td:nth-child(4) { grid-column: 1 / -1; color: var(--soft); }
  td:nth-child(4):empty { display: none; }
}
`
