/** The style of HTML pages: light and dark, without anything to load. Colours never carry a meaning alone. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--text:#1b2028;--faint:#59636e;--line:#d8dde3;--before:#1f6fb2;--after:#b3470b;--bad:#a3161d;--bad-bg:#fdecec;--open:#7a4a00;--open-bg:#fdf3dc;--good:#14663a;--good-bg:#e6f5ec}
@media (prefers-color-scheme:dark){:root{--bg:#0e1217;--card:#171c23;--text:#e7ecf2;--faint:#a3aeba;--line:#313943;--before:#6fb4f2;--after:#ffab73;--bad:#ffb0ac;--bad-bg:#4a1c1e;--open:#ffd791;--open-bg:#43310f;--good:#93e0b1;--good-bg:#123622}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:15px;font-weight:600;color:var(--faint);margin:0 0 6px}
h2{font-size:19px;margin:40px 0 12px;overflow-wrap:anywhere}
h3{font-size:15px;margin:0;overflow-wrap:anywhere}
.verdict{font-size:21px;line-height:1.4;font-weight:600;margin:0 0 20px;overflow-wrap:anywhere}
.card,.sides>div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:12px}
.sides h3::before,.key::before{content:"";display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:7px}
.is-before::before{background:var(--before)}.is-after::before{background:var(--after)}
.faint{color:var(--faint)}.small{font-size:13px}
p{margin:6px 0;overflow-wrap:anywhere}
ul{margin:8px 0 0;padding-left:18px}li{margin:2px 0;overflow-wrap:anywhere}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
.badge{display:inline-block;border-radius:99px;padding:1px 9px;font-size:12.5px;font-weight:600;white-space:nowrap;border:1px solid var(--line);color:var(--faint)}
.badge.bad{background:var(--bad-bg);color:var(--bad);border-color:transparent}.badge.open{background:var(--open-bg);color:var(--open);border-color:transparent}.badge.good{background:var(--good-bg);color:var(--good);border-color:transparent}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;color:var(--faint);padding:0 0 6px}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--faint);font-size:13px}tr:last-child td{border-bottom:0}
td:first-child{min-width:11em}td:last-child{min-width:9em}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.columns{display:grid;grid-template-columns:repeat(auto-fill,minmax(310px,1fr));gap:12px;margin-top:12px}
.columns header{display:flex;gap:8px;justify-content:space-between;align-items:baseline}
.chart{display:block;width:100%;height:auto;margin:10px 0 4px}
.chart text{font-size:11px;fill:var(--faint)}.chart .label{fill:var(--text)}
.chart .axis{stroke:var(--line)}
.chart path.before,.chart rect.before{fill:var(--before);fill-opacity:.3;stroke:var(--before);stroke-width:1.2}
.chart path.after{fill:var(--after);fill-opacity:.14;stroke:var(--after);stroke-width:1.8}
.chart rect.after{fill:var(--after);fill-opacity:.85}
details{margin-top:8px}summary{cursor:pointer;color:var(--faint);font-size:13px}
footer{margin-top:44px;border-top:1px solid var(--line);padding-top:14px}
@media print{body{background:#fff}.card,.sides>div{break-inside:avoid}}
`;
