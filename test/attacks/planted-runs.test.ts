import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { thisRecorder } from '#files';
import { times } from '../harness/effort.ts';
import { makeProject, type TestProject } from '../harness/project.ts';

type Json = Readonly<Record<string, unknown>>;

/** A pull request can bring files of a run that never was: nobody who only looks may finish it, and nobody signs it by looking. */
describe('an unfinished run that somebody else planted', () => {
  const ID = 'aaaaaaaa-a2b1-464f-a202-567bd6076431';
  const NAME = '20261127T020959Z-aaaaaaaa';
  let project: TestProject;
  let own: string;
  let planted: string;
  let secret: string;

  beforeEach(() => {
    project = makeProject({ 'train.py': 'open("model.pt", "w").write("weights")\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    own = project.runs()[0]!;
    planted = join(project.folder, '.trainlock/runs', NAME);
    secret = join(project.env['HOME']!, 'secret.txt');
    writeFileSync(secret, 'nobody but me\n');
  });

  const startOf = (folder: string): Json & { readonly run: Json } => JSON.parse(readFileSync(join(folder, 'started.json'), 'utf8')) as Json & { readonly run: Json };
  const gone = (): Json => ({ ...thisRecorder(), pid: 4_000_000, startTicks: '1' });
  const plant = (change: Json = {}): void => {
    for (const name of ['events', 'logs']) mkdirSync(join(planted, name), { recursive: true });
    const start = startOf(own);
    writeFileSync(
      join(planted, 'started.json'),
      JSON.stringify({ ...start, run: { ...start.run, id: ID, name: 'forged', startedAt: '2026-11-27T02:09:59.000Z' }, recorder: gone(), ...change }),
    );
  };
  const files = (folder: string): readonly string[] => (readdirSync(folder, { recursive: true }) as string[]).sort();
  const listed = (): readonly { readonly id: string; readonly state: string }[] =>
    (JSON.parse(project.trainlock(['list', '--json']).stdout) as { readonly data: { readonly runs: readonly { readonly id: string; readonly state: string }[] } }).data.runs;
  const looking = [['list'], ['show', 'aaaaaaaa'], ['verify', 'aaaaaaaa'], ['gate', '--env', 'production', 'aaaaaaaa'], ['approve', 'aaaaaaaa'], ['sign', '--dry-run']];

  const logOf = (stream: string): Json => ({ logFiles: { [stream]: { path: secret, fromByte: 0 } } });

  const PLANTED: readonly [string, () => Json, string][] = [
    ['as it is', () => ({}), 'interrupted'],
    ['with the proof of another run of this user', () => ({ proof: startOf(own)['proof'] }), 'interrupted'],
    ['with a file of this user as its output', () => logOf('stdout'), 'interrupted'],
    ['with a proof of zeros', () => ({ proof: '0'.repeat(64) }), 'interrupted'],
    ['with a proof that is no text', () => ({ proof: 7 }), 'interrupted'],
    ['without the start of the machine', () => ({ recorder: { pid: 4_000_000 } }), 'running'],
    ['with an output that leads out of the folder', () => logOf('../../../../../home/pwned'), 'interrupted'],
    ['with a process that is none', () => ({ recorder: { ...gone(), pid: -1 } }), 'damaged'],
    ['with a process that is a list', () => ({ recorder: [] }), 'damaged'],
    ['with words in place of everything', () => ({ config: 'x', roots: 7, variables: null, command: 'rm', logFiles: 'x' }), 'interrupted'],
  ];

  // The others differ in what is wrong with them; CI has the time for the first ones.
  it.each(PLANTED.slice(0, times(PLANTED.length, 3)))('%s, is neither completed nor signed by a command that only looks', (_, change, state) => {
    plant(change());
    const before = files(planted);
    const home = files(project.env['HOME']!).filter((name) => !name.includes('/state/'));
    for (const command of looking) project.trainlock(command);
    expect(files(planted)).toEqual(before);
    expect(files(project.env['HOME']!).filter((name) => !name.includes('/state/'))).toEqual(home);
    expect(project.trainlock(['list']).status).toBe(0);
    expect(listed().find(({ id }) => id.startsWith('aaaaaaaa'))?.state).toBe(state);
  });

  it('is completed where a person asks for it, without a signature and without a file of that person', () => {
    plant(logOf('stdout'));
    const answer = project.trainlock(['finish', 'aaaaaaaa']);
    expect(answer).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/not signed +the run was not started by this user on this machine[^]*trainlock sign aaaaaaaa/) as string,
    });
    expect(files(planted).filter((name) => name.endsWith('.sigstore.json') || name.endsWith('.log'))).toEqual([]);
    expect(project.manifest(planted).capture.gaps).toContainEqual(expect.objectContaining({ about: '/logs/output' }));
    expect(project.trainlock(['verify', 'aaaaaaaa']).status).toBe(3);
    expect(project.trainlock(['sign', 'aaaaaaaa']).status).toBe(0);
  });

  it.each<[string, readonly string[]]>([
    ['with a key', []],
    ['with the identity of a job', ['--keyless', '--fulcio-url', 'http://127.0.0.1:9', '--timestamp-url', 'http://127.0.0.1:9', '--trusted-root', 'root.json']],
  ])('and finished too, is signed %s only where somebody names it', (_, flags) => {
    plant();
    expect(project.trainlock(['finish', 'aaaaaaaa']).status).toBe(0);
    writeFileSync(join(project.folder, 'root.json'), JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' }));
    const before = files(planted);
    const answer = project.trainlock(['sign', ...flags]);
    expect(answer).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^not signed: 1 record of runs that were not started by this user[^]*fix: trainlock sign aaaaaaaa/m) as string,
    });
    expect(files(planted)).toEqual(before);
    expect(JSON.parse(project.trainlock(['sign', '--json', ...flags]).stdout)).toMatchObject({ data: { runs: [], leftOut: [ID] } });
  });

  it.each<[string, () => Json]>([
    ['that names another stream', () => logOf('../../../../../home/pwned')],
    ['that names a file by a relative path', () => ({ logFiles: { stdout: { path: '../secret.txt', fromByte: 0 } } })],
    ['that names another project folder', () => ({ projectRoot: project.env['HOME'] })],
    ['that names another working folder', () => ({ workingDirectory: '/' })],
    ['that is no start', () => ({ run: [] })],
  ])('%s, is not completed even where a person asks for it', (_, change) => {
    plant(change());
    const before = files(planted);
    expect(project.trainlock(['finish', NAME]).status).not.toBe(0);
    expect(files(planted)).toEqual(before);
    expect(existsSync(join(project.env['HOME']!, 'pwned.log'))).toBe(false);
  });

  /** An own run whose recorder died. */
  const interrupted = (): void => {
    for (const name of readdirSync(own)) if (/^(statement|manifest|signer|seals|proofs)/.test(name)) rmSync(join(own, name), { recursive: true });
  };

  it('an own run is completed and signed by a command that looks, as ever', () => {
    interrupted();
    expect(project.trainlock(['list']).stderr).toMatch(/completed the record of/);
    expect(listed()).toMatchObject([{ state: 'finished' }]);
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
  });

  it.each<[string, () => void]>([
    ['whose start was changed', () => writeFileSync(join(own, 'started.json'), JSON.stringify({ ...startOf(own), command: ['python', 'other.py'] }))],
    ['whose folder lies elsewhere', () => renameSync(own, join(own, '..', `${basename(own).slice(0, -8)}bbbbbbbb`))],
    ['of a home that is not this one', () => rmSync(join(project.env['HOME']!, '.local'), { recursive: true })],
    ['whose key others can read', () => chmodSync(join(project.env['HOME']!, '.local/state/trainlock/starts.key'), 0o644)],
  ])('an own run %s is left alone', (_, spoil) => {
    interrupted();
    spoil();
    expect(project.trainlock(['list']).stderr).not.toMatch(/completed the record of/);
    expect(listed()).toMatchObject([{ state: 'interrupted' }]);
  });

  it('a run that can keep no proof goes on without one', () => {
    const env = { ...project.env, XDG_STATE_HOME: '/proc/1/nothing' };
    expect(project.trainlock(['run', '--', 'python', 'train.py'], { env }).status).toBe(0);
    expect(startOf(project.runs().at(-1)!)['proof']).toBeUndefined();
  });
});
