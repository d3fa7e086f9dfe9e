import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { sampleOf, writeNote, writeVerifierKey } from '#tlog';
import { checkpointNote, signerOf } from '../fixtures/log-keys.ts';
import { answerRequest, certificateFolder, makeCertificate, opensslVerifies, startTimeServer } from '../harness/time-authority.ts';
import { answerOf, growLog, logOf, vkeyOf } from '../harness/machine-log.ts';
import { makeProject, start, type TestProject } from '../harness/project.ts';

/** A project with a run whose leaf waits, because the state folder was a file meanwhile. */
const withWaitingLeaf = (): TestProject => {
  const project = makeProject({ 'train.py': 'open("m.bin", "w").write("x")\n', blocked: '' });
  expect(project.trainlock(['run', '--', 'python', 'train.py'], { env: { ...project.env, XDG_STATE_HOME: join(project.folder, 'blocked') } }).status).toBe(0);
  return project;
};

const proofsOf = (project: TestProject): readonly string[] => readdirSync(join(project.runs().at(-1)!, 'proofs')).sort();

const folderOf = async (project: TestProject): Promise<string> => (await logOf(project).head())!.folder;

describe('entering leaves', () => {
  it('that wait, from any place that has them, lays the proof beside each', () => {
    const project = withWaitingLeaf();
    expect(proofsOf(project)).toEqual([expect.stringMatching(/\.leaf$/)]);
    expect(answerOf(project, 'log', 'show').data).toMatchObject({ waiting: [{ kind: 'run-signed' }] });
    expect(answerOf(project, 'log', 'proof', 'last')).toMatchObject({ status: 3, data: { leaves: [{ state: 'waiting' }] } });
    expect(answerOf(project, 'log', 'enter')).toMatchObject({ status: 0, data: { kind: 'entered', size: 1, index: 0 } });
    expect(proofsOf(project)).toEqual([expect.stringMatching(/\.leaf$/), expect.stringMatching(/\.tlog-proof$/)]);
    expect(answerOf(project, 'log', 'enter')).toMatchObject({ status: 0, data: { kind: 'none' } });
    expect(answerOf(project, 'log', 'proof', 'last')).toMatchObject({ status: 0, data: { leaves: [{ state: 'proven', index: 0 }] } });
  });

  it('after a kill between the log and the proof finds the leaf where it is', async () => {
    const project = withWaitingLeaf();
    const [name] = proofsOf(project);
    await logOf(project).append([readFileSync(join(project.runs().at(-1)!, 'proofs', name!))]);
    expect(answerOf(project, 'log', 'enter')).toMatchObject({ status: 0, data: { entries: [{ index: 0, isNew: false }], size: 1 } });
  });

  it('tells what stands in the way, and the leaves wait', () => {
    const project = withWaitingLeaf();
    const blocked = project.trainlock(['log', 'enter'], { env: { ...project.env, XDG_STATE_HOME: join(project.folder, 'blocked') } });
    expect(blocked.status).toBe(2);
    expect(blocked.stdout).toMatch(/1 leaf waits: the log of this machine is not available/);
    expect(proofsOf(project).length).toBe(1);
  });

  it('passes over files that hold no leaf, and says so (D05)', () => {
    const project = withWaitingLeaf();
    writeFileSync(join(project.runs().at(-1)!, 'proofs/other.leaf'), '{"version":2}');
    writeFileSync(join(project.runs().at(-1)!, 'proofs/long.leaf'), ' '.repeat(70_000));
    mkdirSync(join(project.runs().at(-1)!, 'proofs/folder.leaf'));
    const damaged = ['folder', 'long', 'other'].map((name) => expect.stringContaining(`${name}.leaf`) as string);
    expect(answerOf(project, 'log', 'enter')).toMatchObject({ status: 0, data: { size: 1, damaged } });
  });
});

describe('entering leaves beside a place that cannot be written', () => {
  it('gives the others their proofs, and names it', () => {
    const project = withWaitingLeaf();
    expect(project.trainlock(['run', '--', 'python', 'train.py'], { env: { ...project.env, XDG_STATE_HOME: join(project.folder, 'blocked') } }).status).toBe(0);
    const [one, other] = project.runs();
    const name = readdirSync(join(one!, 'proofs'))[0]!.replace('.leaf', '.tlog-proof');
    mkdirSync(join(one!, 'proofs', name, 'full'), { recursive: true });
    expect(answerOf(project, 'log', 'enter')).toMatchObject({
      status: 0,
      data: { kind: 'entered', size: 2, damaged: expect.arrayContaining([join(one!, 'proofs', name)]) as unknown },
    });
    expect(readdirSync(join(other!, 'proofs'))).toHaveLength(2);
  });
});

describe('checking a log', () => {
  it('from a checkpoint that somebody kept finds a rewritten log (D02)', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    const folder = await folderOf(project);
    cpSync(join(folder, 'checkpoint'), join(project.folder, 'kept'));
    const key = vkeyOf(project);
    await growLog(project, 3, 'more');
    expect(answerOf(project, 'log', 'verify', '--from', 'kept', '--log', key)).toMatchObject({ status: 0, data: { check: { kind: 'intact' }, size: 6 } });
    project.write({ wrong: 'no checkpoint' });
    expect(project.trainlock(['log', 'verify', '--from', 'wrong']).stderr).toContain('holds no checkpoint');
    const other = makeProject();
    await growLog(other, 1, 'other');
    cpSync(join(await folderOf(other), 'checkpoint'), join(project.folder, 'foreign'));
    expect(project.trainlock(['log', 'verify', '--from', 'foreign']).stderr).toContain('is no checkpoint of the log');
    expect(project.trainlock(['log', 'verify', '--log', vkeyOf(other)]).status).toBe(1);
  });

  it('whose key was exchanged together with everything it signed is refused: the key is remembered elsewhere (E07)', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    const { folder, checkpoint } = (await logOf(project).head())!;
    const forger = signerOf(checkpoint.origin, 'signature');
    writeFileSync(join(folder, 'checkpoint'), writeNote(checkpointNote(forger, checkpoint.size, checkpoint.root)));
    writeFileSync(join(folder, 'vkey'), `${writeVerifierKey(forger.key)}\n`);
    expect(answerOf(project, 'log', 'verify').status).toBe(1);
    expect(answerOf(project, 'log', 'verify', folder).status).toBe(1);
    expect(answerOf(project, 'log', 'population', '--kind', 'other', folder).status).toBe(1);
    // Nobody else can know: whoever relies on a log pins its key.
    const stranger = makeProject();
    expect(answerOf(stranger, 'log', 'verify', folder)).toMatchObject({ status: 0, data: { check: { isPinned: false } } });
  });

  it('that a project saw further than the machine remembers finds that the machine was set back', async () => {
    const project = withWaitingLeaf();
    await growLog(project, 1, 'before');
    const state = join(project.folder, '../home/.local/state/trainlock');
    cpSync(state, join(project.folder, '../backup'), { recursive: true });
    expect(project.trainlock(['log', 'enter']).status).toBe(0);
    rmSync(state, { recursive: true });
    renameSync(join(project.folder, '../backup'), state);
    expect(answerOf(project, 'log', 'verify')).toMatchObject({ status: 1, data: { check: { kind: 'set-back' } } });
    expect(answerOf(project, 'log', 'population', '--kind', 'other')).toMatchObject({ status: 1, data: { kind: 'damaged', check: { kind: 'set-back' } } });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const entered = project.trainlock(['log', 'enter']);
    expect(entered.status).toBe(2);
    expect(entered.stdout).toContain('trainlock log continue');
    expect(answerOf(project, 'log', 'continue', '--why', 'a backup was restored')).toMatchObject({ status: 0, data: { origin: expect.stringMatching(/\/2$/) } });
    // The leaf that the old log lost is entered anew, together with the one that waited.
    const [first] = project.runs();
    expect(project.trainlock(['verify', first!, '--log']).stdout).toMatch(/^log +broken .* it was set back/m);
    expect(answerOf(project, 'log', 'show').data['waiting']).toHaveLength(2);
    expect(answerOf(project, 'log', 'enter')).toMatchObject({ status: 0, data: { size: 3, entries: [{ index: 1 }, { index: 2 }] } });
    expect(answerOf(project, 'log', 'verify')).toMatchObject({ status: 0, data: { size: 3 } });
    for (const run of project.runs()) expect(project.trainlock(['verify', run, '--log']).stdout).toMatch(/^log +held .*\/2$/m);
    expect(project.trainlock(['log', 'population', '--kind', 'run-signed']).stdout).toMatch(/^this log goes on from \S+: what happened before it began was entered there$/m);
    // The proof of the old log stays.
    expect(readdirSync(join(first!, 'proofs')).filter((name) => name.endsWith('.lost-proof'))).toHaveLength(1);
    expect(answerOf(project, 'log', 'enter')).toMatchObject({ status: 0, data: { kind: 'none' } });
  });
});

describe('a log that was set back and grew again', () => {
  it('has what it still proves; only what does not follow any more is entered in the next one', async () => {
    const project = makeProject({ 'train.py': 'open("m.bin", "w").write("x")\n' });
    const run = (name: string): string => {
      expect(project.trainlock(['run', '--name', name, '--', 'python', 'train.py']).status).toBe(0);
      return name;
    };
    const state = join(project.folder, '../home/.local/state/trainlock');
    run('first');
    cpSync(state, join(project.folder, '../backup'), { recursive: true });
    run('lost');
    rmSync(state, { recursive: true });
    renameSync(join(project.folder, '../backup'), state);
    const oldKey = vkeyOf(project);
    await growLog(project, 2, 'other');
    run('waits');
    expect(answerOf(project, 'log', 'continue', '--why', 'a backup was restored').status).toBe(0);
    expect(answerOf(project, 'log', 'enter')).toMatchObject({
      status: 0,
      data: {
        size: 3,
        entries: [
          { index: 1, isNew: true },
          { index: 2, isNew: true },
        ],
      },
    });
    const logged = (name: string, ...more: readonly string[]): string => project.trainlock(['verify', name, '--log', ...more]).stdout;
    expect(logged('first')).toMatch(/^log +held +leaf 0 of 1 in trainlock\.dev\/log\/[0-9a-f]+$/m);
    for (const name of ['lost', 'waits']) expect(logged(name)).toMatch(/^log +held .*\/2$/m);
    // Whoever had pinned the old log sees what it once signed, and `log enter` leaves everything as it is from now on.
    const stranger = { ...project.env, HOME: join(project.folder, '../stranger') };
    expect(project.trainlock(['verify', 'lost', '--log', '--log-key', oldKey], { env: stranger }).stdout).toMatch(/^log +held +leaf 1 of 2 in trainlock\.dev\/log\/[0-9a-f]+$/m);
    const [lost] = project.runs().filter((folder) => project.manifest(folder).run.name === 'lost');
    const proofs = join(lost!, 'proofs');
    const aside = readdirSync(proofs).find((name) => name.endsWith('.lost-proof'))!;
    expect(answerOf(project, 'log', 'enter')).toMatchObject({ status: 0, data: { kind: 'none' } });
    // Not even where the old proof comes back, as git may bring it, and many leaves later.
    await growLog(project, 1100, 'more');
    cpSync(join(proofs, aside), join(proofs, `${aside.split('.')[0]!}.tlog-proof`));
    expect(answerOf(project, 'log', 'enter')).toMatchObject({ status: 0, data: { entries: [{ index: 2, isNew: false }] } });
  });
});

describe('an export', () => {
  it('goes on after a break, mends what is damaged, follows the log, and never holds the key', async () => {
    const project = makeProject();
    await growLog(project, 700, 'first');
    expect(answerOf(project, 'log', 'export', 'copy')).toMatchObject({ status: 0, data: { files: 9, written: 9, size: 700 } });
    expect(answerOf(project, 'log', 'export', 'copy')).toMatchObject({ status: 0, data: { written: 0 } });
    rmSync(join(project.folder, 'copy/tile/0/001'));
    writeFileSync(join(project.folder, 'copy/tile/entries/000'), 'damaged');
    expect(answerOf(project, 'log', 'verify', 'copy').status).toBe(1);
    expect(answerOf(project, 'log', 'export', 'copy')).toMatchObject({ status: 0, data: { written: 2 } });
    await growLog(project, 1, 'more');
    expect(answerOf(project, 'log', 'export', 'copy')).toMatchObject({ status: 0, data: { size: 701 } });
    expect(answerOf(project, 'log', 'verify', 'copy')).toMatchObject({ status: 0, data: { size: 701 } });
    expect(existsSync(join(project.folder, 'copy/log.key'))).toBe(false);
  });

  it('does not write into a folder that holds something else', async () => {
    const project = makeProject({ 'busy/file': '' });
    await growLog(project, 1, 'first');
    expect(project.trainlock(['log', 'export', 'busy']).stderr).toContain('the folder holds other files');
    const other = makeProject();
    await growLog(other, 1, 'other');
    other.trainlock(['log', 'export', join(project.folder, 'theirs')]);
    expect(project.trainlock(['log', 'export', 'theirs']).stderr).toContain('the folder holds another log');
  });
});

describe('a population', () => {
  it('has every event between two checkpoints, and a sample that anybody can draw again', async () => {
    const project = makeProject();
    await growLog(project, 10, 'first');
    cpSync(join(await folderOf(project), 'checkpoint'), join(project.folder, 'first'));
    await growLog(project, 300, 'second');
    cpSync(join(await folderOf(project), 'checkpoint'), join(project.folder, 'second'));
    await growLog(project, 5, 'third');
    const { status, data } = answerOf(project, 'log', 'population', '--kind', 'other', '--from', 'first', '--to', 'second', '--sample', '7', '--seed', 'a later root');
    expect({ status, kind: data['kind'], from: data['from'], to: data['to'] }).toEqual({ status: 0, kind: 'complete', from: 10, to: 310 });
    const events = data['events'] as readonly { readonly index: number }[];
    expect(events.map(({ index }) => index)).toEqual(Array.from({ length: 300 }, (_, i) => i + 10));
    const drawn = sampleOf(
      events.map(({ index }) => index),
      Buffer.from('a later root'),
      7,
      nodeCrypto,
    );
    expect((data['sample'] as { readonly indices: readonly number[] }).indices).toEqual(drawn);
    expect(answerOf(project, 'log', 'population', '--kind', 'approval').data).toMatchObject({ kind: 'complete', events: [] });
    expect(project.trainlock(['log', 'population', '--kind', 'nothing']).stderr).toContain('nothing is no kind of event');
    expect(project.trainlock(['log', 'population', '--kind', 'other', '--sample', '3']).stderr).toContain('a sample needs a number and a seed');
    expect(project.trainlock(['log', 'population', '--kind', 'other', '--from', 'second', '--to', 'first']).stderr).toContain('TL0001');
  });

  it('from a log in which an event was left out is refused, and undecided where one cannot be read (D11)', async () => {
    const project = makeProject();
    await growLog(project, 3, 'first');
    await logOf(project).append([Buffer.from('{"version":2,"kind":"rejection"}')]);
    expect(answerOf(project, 'log', 'population', '--kind', 'other')).toMatchObject({ status: 3, data: { kind: 'undecided', because: expect.stringContaining('leaf 3') } });
    project.trainlock(['log', 'export', 'copy']);
    const bundle = join(project.folder, 'copy/tile/entries/000.p/4');
    const bytes = readFileSync(bundle);
    writeFileSync(bundle, bytes.subarray(0, bytes.length - 34));
    expect(answerOf(project, 'log', 'population', '--kind', 'other', 'copy')).toMatchObject({ status: 1, data: { kind: 'damaged' } });
  });
});

describe('the logs of a team', () => {
  it('become one list, each checked first; what is damaged is left out and told', async () => {
    const [ann, bob] = [makeProject(), makeProject()];
    await growLog(ann, 2, 'shared');
    await growLog(bob, 3, 'shared');
    ann.trainlock(['log', 'export', 'ann']);
    bob.trainlock(['log', 'export', join(ann.folder, 'bob')]);
    const { status, data } = answerOf(ann, 'log', 'merge', 'ann', 'bob');
    expect(status).toBe(0);
    expect((data['events'] as readonly { readonly places: readonly unknown[] }[]).map(({ places }) => places.length)).toEqual([2, 2, 1]);
    const csv = ann.trainlock(['log', 'merge', 'ann', 'bob', '--csv']).stdout.trimEnd().split('\r\n');
    expect(csv[0]).toBe('time,event,type,id,payloadSha256,bundleSha256,reason,places');
    expect(csv.length).toBe(4);
    writeFileSync(join(ann.folder, 'bob/checkpoint'), '');
    expect(answerOf(ann, 'log', 'merge', 'ann', 'bob')).toMatchObject({ status: 1, data: { logs: [{ kind: 'intact' }, { kind: 'damaged' }], events: [{}, {}] } });
    expect(answerOf(ann, 'log', 'merge', 'ann', 'ann')).toMatchObject({ status: 1, data: { logs: [{ kind: 'intact' }, { kind: 'twice' }] } });
  });
});

describe('reconciling', () => {
  const run = (project: TestProject, env: Readonly<Record<string, string>>): void =>
    expect(project.trainlock(['run', '--', 'python', 'train.py'], { env: { ...project.env, ...env } }).status).toBe(0);

  it('names jobs of Slurm without a record, and records without a job', () => {
    const project = makeProject({ 'train.py': '' });
    run(project, { SLURM_JOB_ID: '101' });
    run(project, { SLURM_JOB_ID: '205', SLURM_ARRAY_JOB_ID: '200', SLURM_ARRAY_TASK_ID: '5' });
    run(project, { SLURM_JOB_ID: '999' });
    project.write({
      jobs: [
        'JobID|JobName|Start|State',
        '101|train|2026-11-02T10:00:00|COMPLETED',
        '101.batch|batch|2026-11-02T10:00:00|COMPLETED',
        '200_5|sweep|2026-11-02T11:00:00|COMPLETED',
        '102|secret|2026-11-02T12:00:00|COMPLETED',
        '103|waits|Unknown|PENDING',
        'hostile\u001b[2J|x|x|x',
        '',
      ].join('\n'),
    });
    const { status, data } = answerOf(project, 'log', 'reconcile', '--slurm', 'jobs');
    expect(status).toBe(1);
    expect(data['systems']).toMatchObject([
      {
        system: 'slurm',
        jobs: 3,
        matched: [{ job: { id: '101' } }, { job: { id: '200_5' } }],
        withoutRecord: [{ id: '102', name: 'secret' }],
        withoutJob: [{ trigger: { job: '999' } }],
        unread: ['line 7: this is not a job'],
      },
    ]);
    expect(answerOf(project, 'log', 'reconcile', '--slurm', 'jobs', '--to', '2026-11-01')).toMatchObject({ status: 3, data: { systems: [{ jobs: 0, withoutRecord: [] }] } });
  });

  it('knows jobs of Kubernetes by the names of their pods', () => {
    const project = makeProject({ 'train.py': '' });
    run(project, { KUBERNETES_SERVICE_HOST: '10.0.0.1', POD_NAME: 'train-2-x7k2p' });
    const job = (name: string, startTime?: string): object => ({ metadata: { name }, status: { ...(startTime === undefined ? {} : { startTime }), succeeded: 1 } });
    project.write({ 'jobs.json': JSON.stringify({ items: [job('train-2', '2026-11-02T10:00:00Z'), job('train', '2026-11-02T10:00:00Z'), job('later'), { metadata: {} }] }) });
    expect(answerOf(project, 'log', 'reconcile', '--kubernetes', 'jobs.json')).toMatchObject({
      status: 1,
      data: { systems: [{ jobs: 2, matched: [{ job: { id: 'train-2' } }], withoutRecord: [{ id: 'train' }], withoutJob: [], unread: ['/items/3: this is not a job'] }] },
    });
  });

  it('finds runs of MLflow by what they wrote, by their tag, and by ours', () => {
    const [written, tagged, missing] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string];
    const project = makeProject({
      'train.py': `import os\nos.makedirs("mlruns/0/${written}/metrics", exist_ok=True)\nopen("mlruns/0/${written}/metrics/loss", "w").write("1 0.5 0")\n`,
    });
    run(project, {});
    const meta = (id: string): string => `artifact_uri: file:///x\nrun_id: ${id}\nrun_name: good-bird\nstart_time: 1793620800000\nstatus: 3\n`;
    project.write({
      [`mlruns/0/${written}/meta.yaml`]: meta(written),
      [`mlruns/0/${tagged}/meta.yaml`]: meta(tagged),
      [`mlruns/0/${tagged}/tags/trainlock.run`]: project.manifest().run.id,
      [`mlruns/0/${missing}/meta.yaml`]: meta(missing),
      [`mlruns/0/${'d'.repeat(32)}/meta.yaml`]: 'run_id: other\n',
    });
    const { status, data } = answerOf(project, 'log', 'reconcile', '--mlflow', 'mlruns');
    expect(status).toBe(1);
    expect(data['systems']).toMatchObject([
      {
        jobs: 3,
        matched: [{ job: { id: written } }, { job: { id: tagged } }],
        withoutRecord: [{ id: missing, name: 'good-bird' }],
        unread: [expect.stringContaining('meta.yaml')],
      },
    ]);
    project.write({ 'answer.json': JSON.stringify({ runs: [{ info: { run_id: missing, start_time: 1793620800000 } }, {}] }) });
    expect(answerOf(project, 'log', 'reconcile', '--mlflow', 'answer.json').data['systems']).toMatchObject([
      { jobs: 1, withoutRecord: [{ id: missing }], unread: ['/runs/1: this is not a run'] },
    ]);
  });

  it('says which list is missing or cannot be read', () => {
    const project = makeProject({ 'jobs.json': '[', jobs: 'nothing' });
    mkdirSync(join(project.folder, 'empty'));
    expect(project.trainlock(['log', 'reconcile']).stderr).toContain('name at least one list');
    expect(project.trainlock(['log', 'reconcile', '--slurm', 'gone']).stderr).toContain('TL0002');
    expect(project.trainlock(['log', 'reconcile', '--slurm', 'jobs', '--from', 'yesterday']).stderr).toContain('--from is not a time');
    expect(answerOf(project, 'log', 'reconcile', '--slurm', 'jobs').status).toBe(3);
    expect(answerOf(project, 'log', 'reconcile', '--kubernetes', 'jobs.json').status).toBe(3);
    expect(answerOf(project, 'log', 'reconcile', '--mlflow', 'empty')).toMatchObject({ status: 0, data: { systems: [{ jobs: 0 }] } });
  });
});

describe('dating the log anew', () => {
  it('keeps a token over the exact bytes of the checkpoint, which openssl accepts', async () => {
    const { folder, remove } = certificateFolder();
    const root = makeCertificate(folder, 'root', undefined);
    const signer = makeCertificate(folder, 'signer', root);
    const server = await startTimeServer(async (request) => ({ contentType: 'application/timestamp-reply', body: await answerRequest(signer, request) }));
    try {
      const project = makeProject();
      await growLog(project, 3, 'first');
      const checkpoint = readFileSync(join(await folderOf(project), 'checkpoint'));
      for (let times = 1; times <= 2; times += 1) {
        const answer = await start(project, ['log', 'renew', '--authority', server.url, '--json'], project.env);
        expect(answer.status, answer.stdout + answer.stderr).toBe(0);
        const [token] = (JSON.parse(answer.stdout) as { readonly data: { readonly times: readonly { readonly path: string }[] } }).data.times;
        expect(token!.path.endsWith(`.${times}.tsr`)).toBe(true);
        expect(readFileSync(token!.path.replace(/\.[0-9]+\.tsr$/, '.checkpoint')).equals(checkpoint)).toBe(true);
        expect(opensslVerifies(checkpoint, readFileSync(token!.path), root)).toContain('Verification: OK');
      }
      expect(answerOf(project, 'log', 'verify').status).toBe(0);
    } finally {
      await server.stop();
      remove();
    }
  });
});
