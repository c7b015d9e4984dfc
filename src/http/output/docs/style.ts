import { raw } from './html.ts'

/** The one style sheet of the page: no fonts or pictures from elsewhere, light and dark, any width. */
export const STYLE = raw(`
:root { color-scheme: light dark; --ink: #1c2430; --soft: #566172; --line: #d9dee6; --paper: #fff; --box: #f4f6f9; --accent: #0b57a4; --mark: #fff3c4; --good: #176639; --change: #8a4b00; --end: #a1242c }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ee; --soft: #a2adbc; --line: #343d4a; --paper: #14181e; --box: #1d232c; --accent: #82b6f5; --mark: #4a3f14; --good: #7fd3a1; --change: #f0b76b; --end: #f39a9f }
}
* { box-sizing: border-box }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100% }
body { margin: 0 auto; padding: 0 1.25rem 4rem; max-width: 52rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere }
header, section { max-width: 52rem }
h1 { margin: 2.5rem 0 .25rem; font-size: 2rem; line-height: 1.2 }
h1 small { font-size: 1rem; font-weight: 400; color: var(--soft) }
h2 { margin: 3.5rem 0 .5rem; padding-top: 1rem; border-top: 2px solid var(--line); font-size: 1.5rem }
h3 { margin: 0 0 .25rem; font-size: 1.15rem }
h4 { margin: 1.25rem 0 .25rem; font-size: .85rem; font-weight: 600; color: var(--soft) }
p { margin: .5rem 0 }
.lead { font-size: 1.1rem }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .28em }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
pre { margin: .75rem 0; padding: .75rem 1rem; overflow-x: auto; overflow-wrap: normal; white-space: pre; background: var(--box); border: 1px solid var(--line); border-radius: 6px }
ol { padding-left: 1.5rem }
li { margin: 1rem 0 }
dl { margin: .25rem 0 }
dt { margin-top: .5rem; color: var(--ink) }
dd { margin: 0 0 0 1.25rem; color: var(--soft) }
dd dl { padding-left: .75rem; border-left: 2px solid var(--line) }
dd p { margin: .15rem 0 }
em { font-style: normal; font-size: .8rem; color: var(--change) }
.type, .token { font-size: .9rem; color: var(--soft) }
.call { margin: 0 0 .75rem }
b.get, b.post, b.put, b.patch, b.delete { font-size: .8rem; letter-spacing: .02em }
.call b { margin-right: .25rem }
.get { color: var(--good) }
.post, .put, .patch { color: var(--change) }
.delete { color: var(--end) }
article { margin: 1.5rem 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: 8px }
.shape { margin: 1.25rem 0 }
table { width: 100%; border-collapse: collapse; font-size: .95rem }
th { padding: 1rem 0 .25rem; text-align: left }
td { padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); vertical-align: top }
td:first-child { white-space: nowrap }
td:last-child { padding-right: 0; white-space: nowrap; color: var(--soft); font-size: .85rem }
details { margin: .25rem 0 }
summary { cursor: pointer; color: var(--accent); font-size: .9rem }
:target { background: var(--mark) }
nav a { display: block; padding: .12rem 0; font-size: .88rem; text-decoration: none }
nav a:hover { text-decoration: underline }
nav p { margin: 1rem 0 .15rem; font-weight: 600; font-size: .88rem }
@media (max-width: 71.99rem) { nav { display: none } }
@media (min-width: 72rem) {
  body { display: grid; grid-template-columns: 15rem minmax(0, 52rem); gap: 0 3rem; max-width: 72rem }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; padding: 2rem 0; overflow-y: auto }
}
@media (max-width: 40rem) {
  body { padding: 0 1rem 3rem }
  article { padding: .75rem }
  dd { margin-left: .75rem }
  tr { display: block; padding: .4rem 0; border-top: 1px solid var(--line) }
  td { display: block; padding: 0; border: 0 }
  td:nth-child(-n + 2) { display: inline; padding-right: .4rem }
}
@media print { nav { display: none } pre { white-space: pre-wrap } }
`)
