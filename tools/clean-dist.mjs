// Removes from dist/ what is not made any more: the compiler only adds. What is still made stays, for who uses it meanwhile.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const sourceOf = (path) => join('src', path.replace(/\.(d\.ts|js)$/, '.ts'));

for (const entry of existsSync('dist') ? readdirSync('dist', { withFileTypes: true, recursive: true }) : []) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const inside = path.slice('dist/'.length);
  if (!entry.isFile() || /^(bin|wheel)\//.test(inside)) continue;
  if (!/\.(d\.ts|js)$/.test(path) || /\.test\./.test(path) || !existsSync(sourceOf(inside))) rmSync(path, { force: true });
}
