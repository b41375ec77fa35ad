// The style sheet of every page. It stands inline, and the Content-Security-Policy names it by its hash.
import { createHash } from 'node:crypto'
import { trusted } from './html.ts'
import type { Markup } from './html.ts'

// Light and dark, one column, no remote asset.
const style = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f3f4f8, #101218);
  --card: light-dark(#ffffff, #191c25);
  --line: light-dark(#d9dce6, #333848);
  --field: light-dark(#ffffff, #11141b);
  --text: light-dark(#1a1d29, #eef0f6);
  --soft: light-dark(#565c70, #a5acc0);
  --accent: light-dark(#3d46c2, #a4adff);
  --on-accent: light-dark(#ffffff, #12142e);
  --wrong: light-dark(#a3182c, #ff9aa6);
  --wrong-back: light-dark(#fdecee, #341a20);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  display: grid;
  grid-template-rows: 1fr auto;
  justify-items: center;
  padding: 24px 16px;
  background: var(--page);
  color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main {
  align-self: center;
  width: 100%;
  max-width: 400px;
  padding: 32px;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 16px;
  box-shadow: 0 12px 32px -16px rgb(0 0 0 / 30%);
}
h1 { margin: 20px 0 4px; font-size: 24px; line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; }
p { margin: 0 0 16px; color: var(--soft); overflow-wrap: anywhere; }
strong, code { color: var(--text); }
code { font: 0.925em ui-monospace, SFMono-Regular, Menlo, monospace; }
ul { margin: 0 0 24px; padding: 0; list-style: none; border-top: 1px solid var(--line); }
li { padding: 12px 0; border-bottom: 1px solid var(--line); }
.mark { display: block; width: 40px; height: 40px; color: var(--accent); }
.field { margin-bottom: 16px; }
label { display: block; margin-bottom: 6px; font-size: 14px; font-weight: 600; }
input {
  width: 100%;
  min-height: 44px;
  padding: 8px 12px;
  font: inherit;
  color: inherit;
  background: var(--field);
  border: 1px solid var(--line);
  border-radius: 10px;
}
button, .button {
  display: block;
  width: 100%;
  min-height: 44px;
  margin-top: 12px;
  padding: 9px 16px;
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  color: var(--text);
  background: transparent;
  border: 1px solid var(--line);
  border-radius: 10px;
  cursor: pointer;
}
.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
button:hover, .button:hover { border-color: var(--accent); }
.primary:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.problem {
  margin-bottom: 16px;
  padding: 10px 12px;
  color: var(--wrong);
  background: var(--wrong-back);
  border-radius: 10px;
}
.hint { margin: 24px 0 0; padding-top: 16px; border-top: 1px solid var(--line); font-size: 14px; }
footer { padding-top: 24px; font-size: 13px; color: var(--soft); text-align: center; }
@media (max-width: 480px) { main { padding: 24px 20px; } }
@media (forced-colors: active) { .primary { border-width: 2px; } }
`

/** The element, to the letter of what is hashed. */
export const styleElement: Markup = trusted(`<style>${style}</style>`)

/** The source expression for `style-src`. */
export const styleSource: string = `'sha256-${createHash('sha256').update(style).digest('base64')}'`
