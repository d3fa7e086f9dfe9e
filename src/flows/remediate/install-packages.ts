import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { countOf, toHex, utf8 } from '#base';
import { makeTemporaryFolder, nodeCrypto, writeAtomic } from '#files';
import type { RemedyPackage } from '#gate';
import { environmentFindings } from '../env/environment-findings.ts';
import { runTool, type ToolAnswer } from '../project-health/run-tool.ts';
import type { PackageQuestion } from './package-means.ts';

export type Installation = { readonly interpreter: string; readonly packages: readonly RemedyPackage[] };

/** Digests of what the programs wrote; `because` is why it was not made, and absent where it was. */
export type Installed = { readonly because?: string; readonly stdoutSha256?: string; readonly stderrSha256?: string };

/** Downloads may be slow. Unit: ms. */
const TIMEOUT_MS = 900_000;

/**
 * Installs recorded packages into an interpreter. First every wheel is fetched from where pip of this user looks and proven by its hash;
 * only when all are there is anything replaced. No address of a record is asked, and nothing is built: a build runs code that nobody
 * approved. Afterwards the interpreter is asked whether it has what was recorded.
 */
export const installPackages = async ({ interpreter, packages }: Installation, question: PackageQuestion): Promise<Installed> => {
  const folder = await makeTemporaryFolder(tmpdir(), 'trainlock-install-');
  try {
    const [lock, wheels, empty] = [join(folder.path, 'lock.txt'), join(folder.path, 'wheels'), join(folder.path, 'empty')];
    await mkdir(wheels);
    await mkdir(empty);
    // Names and versions were read as such by the lock: none can be an option, an address or a second line.
    await writeAtomic(lock, utf8(packages.map(({ name, version, archiveSha256 }) => `${name}==${version} --hash=sha256:${archiveSha256}\n`).join('')));
    const strict = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '-r', lock];
    const links = question.findLinks.flatMap((one) => ['--find-links', resolve(question.workingDirectory, one)]);
    const pip = (...args: readonly string[]): Promise<ToolAnswer | undefined> =>
      runTool(interpreter, ['-I', '-m', 'pip', '--disable-pip-version-check', '--no-input', ...args], { env: question.env, cwd: empty, timeoutMs: TIMEOUT_MS });
    const fetched = await pip('download', ...links, '--dest', wheels, ...strict);
    if (fetched?.code !== 0) return failed('the wheels cannot be had, so nothing was replaced', fetched);
    const made = await pip('install', '--no-index', '--find-links', wheels, '--force-reinstall', ...strict);
    if (made?.code !== 0) return failed('pip did not install them', made);
    const left = await stillOther({ interpreter, packages }, question);
    return { ...digestsOf(made), ...(left === undefined ? {} : { because: left }) };
  } finally {
    await folder.remove();
  }
};

const failed = (what: string, answer: ToolAnswer | undefined): Installed =>
  answer === undefined
    ? { because: `${what}: pip does not start, or does not end in time` }
    : { ...digestsOf(answer), because: `${what}: ${answer.stderr.trim().split('\n').at(-1) ?? `it ended with ${answer.code}`}` };

const digestsOf = ({ stdout, stderr }: ToolAnswer): Pick<Installed, 'stdoutSha256' | 'stderrSha256'> => ({
  stdoutSha256: toHex(nodeCrypto.sha256(utf8(stdout))),
  stderrSha256: toHex(nodeCrypto.sha256(utf8(stderr))),
});

/** By the digest of RECORD, where the run has it. */
const stillOther = async ({ interpreter, packages }: Installation, { manifest, env, workingDirectory, projectRoot }: PackageQuestion): Promise<string | undefined> => {
  const names = new Set(packages.map(({ name }) => `package ${name}`));
  const { findings } = await environmentFindings(manifest, { env, workingDirectory, projectRoot, python: interpreter, runName: manifest.run.id.slice(0, 8) });
  const left = findings.filter(({ id, about }) => id === 'TL3001' && names.has(about));
  return left.length === 0
    ? undefined
    : `${countOf(left.length, 'package')} of them ${left.length === 1 ? 'is' : 'are'} still not as recorded: ${left.map(({ about }) => about).join(', ')}`;
};
