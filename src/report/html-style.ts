/** The style of pages made of blocks: light, dark and on one sheet of paper, with nothing to load. Colours never carry a meaning alone. */
export const HTML_STYLE =
  ':root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--text:#1b2028;--faint:#59636e;--line:#d8dde3;--bad:#a3161d;--bad-bg:#fdecec;--open:#7a4a00;--open-bg:#fdf3dc;--good:#14663a;--good-bg:#e6f5ec}' +
  '@media (prefers-color-scheme:dark){:root{--bg:#0e1217;--card:#171c23;--text:#e7ecf2;--faint:#a3aeba;--line:#313943;--bad:#ffb0ac;--bad-bg:#4a1c1e;--open:#ffd791;--open-bg:#43310f;--good:#93e0b1;--good-bg:#123622}}' +
  '*{box-sizing:border-box}' +
  'body{margin:0;background:var(--bg);color:var(--text);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}' +
  'main{max-width:960px;margin:0 auto;padding:28px 20px 48px}' +
  'h1{font-size:22px;line-height:1.3;margin:0 0 12px;overflow-wrap:anywhere}' +
  'h2{font-size:16px;margin:22px 0 6px;padding-bottom:3px;border-bottom:1px solid var(--line);overflow-wrap:anywhere}' +
  'p{margin:6px 0;overflow-wrap:anywhere}' +
  'ul{margin:6px 0;padding-left:20px}li{margin:2px 0;overflow-wrap:anywhere}' +
  'dl{display:grid;grid-template-columns:minmax(7em,auto) 1fr;gap:3px 14px;margin:6px 0}dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}dd p{margin:0}' +
  '.answers{list-style:none;margin:10px 0 16px;padding:0;display:grid;gap:6px}' +
  '.answers>li{display:grid;grid-template-columns:9em 9.5em 1fr;gap:10px;align-items:baseline;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 12px;margin:0}' +
  '.question{font-weight:600}.word{justify-self:start;border-radius:99px;padding:0 9px;font-size:13px;font-weight:600;border:1px solid var(--line);color:var(--faint);white-space:nowrap}' +
  '.word.good{background:var(--good-bg);color:var(--good);border-color:transparent}.word.bad{background:var(--bad-bg);color:var(--bad);border-color:transparent}.word.open{background:var(--open-bg);color:var(--open);border-color:transparent}' +
  '.faint{color:var(--faint)}.good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}' +
  'table{border-collapse:collapse;width:100%;font-size:14px;margin:6px 0}th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}th{font-weight:600;color:var(--faint)}' +
  'pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:8px 12px;margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere}' +
  '@media (max-width:640px){.answers>li{grid-template-columns:1fr 1fr}.answers>li>.why{grid-column:1/-1}}' +
  '@page{size:A4;margin:9mm 10mm}' +
  '@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--text:#000;--faint:#444;--line:#bbb;--bad:#8a0f16;--bad-bg:#fff;--open:#5c3800;--open-bg:#fff;--good:#0c4d2a;--good-bg:#fff}' +
  'body{font-size:8.6pt;line-height:1.25}main{max-width:none;padding:0}.sheet{font-size:8.1pt;line-height:1.2;columns:2;column-gap:7mm}.sheet h1,.sheet .answers{column-span:all}h1{font-size:12pt;margin:0 0 3pt}h2{font-size:9pt;margin:5pt 0 1.5pt;padding-bottom:.5pt;break-after:avoid}p,ul,dl,table,pre{margin:2pt 0}dl{gap:.6pt 6pt}.sheet dl{grid-template-columns:minmax(5em,auto) 1fr}li{margin:0}' +
  '.answers{gap:1.5pt;margin:3pt 0 5pt}.answers>li{padding:.6pt 5pt;grid-template-columns:8em 9.5em 1fr;border-radius:3pt;break-inside:avoid}.word{font-size:7.4pt;border:1px solid currentColor!important;padding:0 5pt}table{font-size:8pt}th,td{padding:1pt 6pt 1pt 0}pre{font-size:7.2pt;line-height:1.2;padding:2pt 5pt;border-radius:3pt}}';

/** SHA-256 of the style, in base64: pages allow no other. A test keeps it. */
export const HTML_STYLE_SHA256 = 'Oa0O0u87lgTu8Qi6yhslyPhvnZH76yzlPh01xfrs7xg=';
