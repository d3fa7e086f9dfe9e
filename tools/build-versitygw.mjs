// Builds the S3 server of the tests once, at a pinned version, into .cache/versitygw/, and prints its path.
// Exit code 3: this machine has no Go. Usage: node tools/build-versitygw.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = 'v1.8.0';
const place = fileURLToPath(new URL(`../.cache/versitygw/versitygw-${VERSION}`, import.meta.url));

const build = () => {
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0) {
    process.stderr.write('Go is not installed: the S3 server of the tests cannot be built.\n');
    process.exit(3);
  }
  process.stderr.write(`building versitygw ${VERSION} …\n`);
  mkdirSync(dirname(place), { recursive: true });
  // Built apart and renamed: test files run at the same time, and a half-written program must not be started.
  const folder = mkdtempSync(`${place}-`);
  try {
    execFileSync('go', ['install', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, GOBIN: folder, GOFLAGS: '-trimpath' },
    });
    renameSync(join(folder, 'versitygw'), place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

if (!existsSync(place)) build();
process.stdout.write(`${place}\n`);
