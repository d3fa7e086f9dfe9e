import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';

const PAGE = 'docs/reference/full-run.md';
const HEAD = '# The full run\nMade by `npm run test:full`; each part says when and on what.\n';

/** Day and machine of a part. */
export const whenAndWhere = (): string => `${new Date().toISOString().slice(0, 10)}. Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]!.model}.`;

/** Puts a part of the page in the place of the part with the same title, or at the end. The other parts stay as they are. */
export const writePart = (title: string, text: string): void => {
  const before = existsSync(PAGE) ? readFileSync(PAGE, 'utf8').split(/^## /m).slice(1) : [];
  const part = `${title}\n${text.trimEnd()}\n`;
  const isThere = before.some((one) => one.startsWith(`${title}\n`));
  const parts = isThere ? before.map((one) => (one.startsWith(`${title}\n`) ? part : one)) : [...before, part];
  writeFileSync(PAGE, [HEAD, ...parts.map((one) => `## ${one.trimEnd()}\n`)].join('\n'));
};
