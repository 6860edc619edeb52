/** How both elements look. Pages set the custom properties; what they do not set follows the browser. */
const CSS = `
:host{--a:var(--nearside-accent,Highlight);--c:var(--nearside-card,Canvas);--l:var(--nearside-line,GrayText);display:block;color:var(--nearside-ink,CanvasText);font:inherit}
:host([hidden]){display:none}
*{box-sizing:border-box}
h2,h3,p,ul{margin:0}
h2,h3{line-height:1.25}
h2{font-size:1.25em}
ul{padding-inline-start:1.2rem}
section,.stack{display:grid;gap:.6rem;align-content:start}
dialog section{gap:.35rem}
small,.soft{color:var(--nearside-soft,inherit);font-size:.875em}
button,select{font:inherit;color:inherit;min-block-size:2.25rem;padding:.3rem .8rem;border:1px solid var(--nearside-strong,GrayText);border-radius:.5rem;background:var(--c);cursor:pointer;max-inline-size:100%}
button:hover{border-color:currentColor}
button[aria-pressed=true]{background:var(--a);border-color:var(--a);color:var(--nearside-on-accent,HighlightText)}
button[aria-pressed=true] small{color:inherit}
.link{border:0;background:none;padding-inline:0;color:var(--a);text-decoration:underline;text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
.row{display:flex;flex-wrap:wrap;gap:.4rem .6rem;align-items:center}
.modes{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,10rem),1fr));gap:.6rem}
.modes button{display:grid;align-content:start;text-align:start;padding:.6rem .8rem}
.panel{padding:1rem;border:1px solid var(--l);border-radius:.75rem;background:var(--c)}
.panels{columns:20rem;column-gap:1rem}
.panels>*,::slotted(*){break-inside:avoid;margin-block-end:1rem}
.status:empty{display:none}
.status,.note{padding:.6rem 1rem;border-inline-start:4px solid var(--a);border-radius:.5rem;background:var(--nearside-wash,Canvas);overflow-wrap:anywhere}
.stack>.status{position:sticky;inset-block-start:0;z-index:1}
.likes,.terms{display:grid;gap:.6rem;padding:0;list-style:none}
label{display:grid;gap:.2rem}
label.check{grid-template-columns:auto 1fr;align-items:start;gap:.6rem;min-block-size:2.25rem;cursor:pointer}
input{appearance:none;display:flex;inline-size:2.5rem;block-size:1.4rem;margin:0;padding:2px;border:2px solid var(--nearside-strong,GrayText);border-radius:1rem;cursor:pointer}
input::before{content:"";inline-size:.85rem;border-radius:50%;background:var(--nearside-strong,GrayText)}
input:checked{justify-content:end;background:var(--a);border-color:var(--a)}
input:checked::before{background:var(--nearside-on-accent,HighlightText)}
summary{cursor:pointer;padding-block:.3rem}
dialog{inline-size:min(42rem,calc(100vw - 2rem));max-block-size:calc(100dvh - 2rem);padding:0;border:1px solid var(--l);border-radius:.75rem;background:var(--c);color:inherit;font-size:1rem}
dialog::backdrop{background:rgb(10 16 14/.5)}
header{position:sticky;inset-block-start:0;display:flex;justify-content:space-between;align-items:center;gap:1rem;padding:.75rem 1.25rem;border-block-end:1px solid var(--l);background:inherit}
.body{padding:1rem 1.25rem}
.body .stack{gap:1rem}
.terms li{display:grid;grid-template-columns:1fr auto;gap:.1rem 1rem}
.terms progress,.terms small{grid-column:1/-1}
progress{inline-size:100%;block-size:.6rem;accent-color:var(--a)}
.minus{accent-color:var(--nearside-minus,GrayText)}
.total{padding-block-start:.5rem;border-block-start:1px solid var(--l);font-weight:600}
@media(forced-colors:active){input{appearance:auto}}
`;

let sheet: CSSStyleSheet | undefined;

/** The sheet that all elements share: no policy for styles stands against it. */
export function styles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
