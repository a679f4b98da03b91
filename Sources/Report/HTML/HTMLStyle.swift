/// The page's own style sheet: system fonts, light and dark by the reader's setting, and a form for paper.
enum HTMLStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --panel: #f6f7f9; --ink: #1c2128; --faint: #59636e; --line: #d5dae0; --accent: #0b5cad;
      --removed: #ffe9e7; --removed-strong: #ffbdb6; --added: #e3f6e5; --added-strong: #a4dfab;
      --bad: #a4161a; --warn: #7a4b00; --good: #11632b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14181d; --panel: #1c2229; --ink: #e3e8ee; --faint: #9aa5b1; --line: #333c46; --accent: #79b8ff;
        --removed: #43201f; --removed-strong: #7d2f2c; --added: #17351f; --added-strong: #1f6531;
        --bad: #ff938a; --warn: #f0b968; --good: #7fd694;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 110rem; padding: 1.5rem; background: var(--ground); color: var(--ink);
      font: 15px/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
    h2 { font: 600 1rem/1.4 ui-monospace, monospace; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
    h3 { font-size: .95rem; margin: 1.25rem 0 .4rem; }
    p { margin: .4rem 0; }
    code, pre, .code { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
    .faint { color: var(--faint); }
    .counts { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; list-style: none; padding: 0; margin: 1rem 0; }
    .counts b { font-variant-numeric: tabular-nums; }
    .filters { display: none; flex-wrap: wrap; gap: .5rem; align-items: center; position: sticky; top: 0; z-index: 1;
      background: var(--ground); padding: .6rem 0; border-bottom: 1px solid var(--line); }
    .js .filters { display: flex; }
    .filters label { display: inline-flex; gap: .35rem; align-items: center; padding: .15rem .6rem;
      border: 1px solid var(--line); border-radius: 1rem; cursor: pointer; }
    .filters input[type=search] { font: inherit; color: inherit; background: var(--panel); padding: .2rem .6rem;
      border: 1px solid var(--line); border-radius: .4rem; min-width: 14rem; }
    .filters kbd { font: 12px ui-monospace, monospace; border: 1px solid var(--line); border-radius: .25rem;
      padding: 0 .3rem; }
    .unit { border: 1px solid var(--line); border-radius: .5rem; margin: .4rem 0; background: var(--panel);
      content-visibility: auto; contain-intrinsic-size: auto 2.6rem; }
    .unit > summary { display: flex; flex-wrap: wrap; gap: .25rem .9rem; align-items: baseline; cursor: pointer;
      padding: .45rem .8rem; list-style-position: inside; }
    .unit > summary::before { content: "\\25B8"; color: var(--faint); }
    .unit[open] > summary::before { content: "\\25BE"; }
    .unit > summary::-webkit-details-marker { display: none; }
    .unit > .body { padding: 0 .8rem .9rem; border-top: 1px solid var(--line); background: var(--ground);
      border-radius: 0 0 .5rem .5rem; }
    .verdict { font-weight: 600; min-width: 6.5rem; }
    .changed .verdict { color: var(--bad); }
    .unproven .verdict, .cost .verdict, .interface .verdict, .not-analysed .verdict { color: var(--warn); }
    .same .verdict, .tested .verdict { color: var(--good); }
    .name { font-weight: 600; overflow-wrap: anywhere; }
    .unit > summary .basis { flex: 1 1 14rem; min-width: 0; white-space: nowrap; overflow: hidden;
      text-overflow: ellipsis; }
    .lines { margin-left: auto; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .3rem; }
    .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
    .fold > summary { color: var(--faint); padding: .2rem .6rem; cursor: pointer; }
    .fold > pre { white-space: pre; overflow-x: auto; padding: .2rem .6rem; color: var(--faint); }
    .scroll > .fold { border-block: 1px solid var(--line); background: var(--panel); }
    .scroll > .fold ~ table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    table { border-collapse: collapse; width: 100%; }
    .side { table-layout: fixed; min-width: 48rem; }
    .side col.number { width: 3.6rem; }
    .side col.none { width: 0; }
    .grid th { vertical-align: top; }
    .grid th[scope=row] { width: 7rem; }
    .side th, .grid th { text-align: left; font-weight: 600; padding: .25rem .6rem; background: var(--panel); }
    .side td { vertical-align: top; padding: 0 .6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    .side td:nth-child(odd):empty { padding: 0; }
    .side td:nth-child(odd) { color: var(--faint); text-align: right; user-select: none; font-variant-numeric: tabular-nums; }
    .side .removed { background: var(--removed); }
    .side .added { background: var(--added); }
    .side .removed mark { background: var(--removed-strong); color: inherit; }
    .side .added mark { background: var(--added-strong); color: inherit; }
    .side .trivia { color: var(--faint); }
    .side .gap { background: var(--panel); }
    .side abbr { text-decoration: underline dotted; cursor: help; }
    .grid td { vertical-align: top; padding: .25rem .6rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
    .grid ol, .grid ul { margin: 0; padding-left: 1.4rem; }
    .plot { max-width: 30rem; width: 100%; height: auto; }
    .plot text { font: 11px system-ui, sans-serif; fill: var(--faint); }
    .plot .axis { stroke: var(--line); fill: none; }
    .plot .old { stroke: var(--faint); fill: none; stroke-width: 2; stroke-dasharray: 5 4; }
    .plot .new { stroke: var(--accent); fill: none; stroke-width: 2; }
    .plot .new-word { fill: var(--accent); }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; top: 1rem; background: var(--ground); padding: .5rem; z-index: 2; }
    [hidden] { display: none !important; }
    @media (max-width: 40rem) {
      body { padding: .75rem; }
      .filters { position: static; }
      .grid th[scope=row] { width: auto; }
      .side td, .side th, .grid td, .grid th { padding-inline: .3rem; }
      .side { min-width: 36rem; }
      .side col.number { width: 2.6rem; }
      .unit > .body { padding-inline: .4rem; }
    }
    @media print {
      body { max-width: none; padding: 0; font-size: 11px; }
      .filters, .skip { display: none !important; }
      .unit { content-visibility: visible; }
      .unit > summary, tr { break-inside: avoid; }
      details::details-content { content-visibility: visible; display: block; height: auto; }
      .side { min-width: 0; }
    }
    """
}
