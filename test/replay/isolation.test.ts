import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CLI, makeProject, replayOf, start, type TestProject } from '../harness/project.ts';

/** A tracker and a hub that count what reaches them. */
const received = { tracker: 0, hub: 0, tcp: 0 };
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    received[request.url?.startsWith('/hub') === true ? 'hub' : 'tracker'] += 1;
    response.end('{}');
  });
  server.on('connection', () => (received.tcp += 1));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());

/** Logs through the proxy variables, uploads past them, and goes on when nobody answers, as trackers do. */
const UPLOADER = `
import json, os, random, socket, urllib.request
loss = random.random()
def quietly(send):
    try: send()
    except OSError as error: print("not sent:", type(error).__name__)
address = os.environ["TRACKER"]
quietly(lambda: urllib.request.urlopen("http://%s/log" % address, data=json.dumps({"loss": loss}).encode(), timeout=5).read())
host, port = address.split(":")
def upload():
    with socket.create_connection((host, int(port)), timeout=5) as s:
        s.sendall(b"PUT /hub/model HTTP/1.1\\r\\nHost: hub\\r\\nContent-Length: 1\\r\\nConnection: close\\r\\n\\r\\n1"); s.recv(100)
quietly(upload)
open("model.txt", "w").write(str(loss))
`;

const uploader = async (): Promise<TestProject> => {
  const project = makeProject({ 'train.py': UPLOADER, 'trainlock.yaml': 'environment: { allow: [TRACKER] }\n' });
  const env = { ...project.env, TRACKER: `127.0.0.1:${port}` };
  const before = { ...received };
  expect((await start(project, ['run', '--', 'python', 'train.py'], env)).status).toBe(0);
  expect(received.tracker - before.tracker).toBe(1);
  expect(received.hub - before.hub).toBe(1);
  return project;
};

describe('trackers and hubs get nothing from a replay', () => {
  it.each(['bubblewrap', 'network-namespace', 'kernel-filter'])('with %s', async (isolation) => {
    const project = await uploader();
    const before = { ...received };
    const answer = await start(project, ['replay', 'last', '--json', '--isolation', isolation], project.env);
    const { data } = JSON.parse(answer.stdout) as { data: { isolation: string; outcome: { outputs: { kind: string; pair: { recorded: { path: string } } }[] } } };
    expect(data.isolation).toBe(isolation);
    expect(received).toEqual(before);
    expect(data.outcome.outputs.find((output) => output.pair.recorded.path.endsWith('model.txt'))?.kind).toBe('identical');
  });

  it('where namespaces are denied', async () => {
    const project = await uploader();
    const before = { ...received };
    const answer = await start(project, ['replay', 'last', '--json'], project.env, DENIED);
    const envelope = JSON.parse(answer.stdout) as { data: { isolation: string } };
    expect(envelope.data.isolation, answer.stderr).toBe('kernel-filter');
    expect(received).toEqual(before);
  });

  it('but a host that a person allows', async () => {
    const project = await uploader();
    const before = { ...received };
    expect((await start(project, ['replay', 'last', '--network', '127.0.0.1'], project.env)).status).toBe(0);
    expect(received.tracker - before.tracker).toBe(1);
  });
});

/** A machine that permits no further user namespaces: bubblewrap forbids them for everything below it. */
const DENIED = ['bwrap', '--dev-bind', '/', '/', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--'];

describe('files outside the project', () => {
  /** Outside of temporary folders too, which a replay can move by a variable. */
  const writer = (argument: boolean) => {
    const folder = mkdtempSync(join(homedir(), '.trainlock-outside-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const outside = join(folder, 'model.txt');
    const project = makeProject({ 'train.py': `import sys\nopen(${argument ? 'sys.argv[1]' : JSON.stringify(outside)}, "w").write("1")\nopen("a.txt", "w").write("1")\n` });
    expect(project.trainlock(['run', '--', 'python', 'train.py', ...(argument ? [outside] : [])]).status).toBe(0);
    writeFileSync(outside, 'mine');
    return { project, folder, untouched: () => expect([readdirSync(folder), readFileSync(outside, 'utf8')]).toEqual([['model.txt'], 'mine']) };
  };

  it('are written to a folder of the replay where mounts are possible', () => {
    const { project, untouched } = writer(false);
    const replay = replayOf(project);
    expect(replay, replay.stdout).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
    expect(replay.outcome?.outputs).toHaveLength(2);
    untouched();
  });

  it('are a clear refusal where they are not, and mapping a path that the program does not get told changes nothing', () => {
    const { project, folder, untouched } = writer(false);
    for (const more of [[], ['--map', `${folder}=${project.folder}/elsewhere`]]) {
      const answer = spawnSync(DENIED[0]!, [...DENIED.slice(1), process.execPath, CLI, 'replay', 'last', ...more], { cwd: project.folder, env: project.env, encoding: 'utf8' });
      expect(answer.status).toBe(2);
      expect(answer.stderr).toMatch(/error\[TL0502\]: the recorded run wrote outside its project[^]*bubblewrap[^]*--map/);
      untouched();
    }
  });

  it('go where --map says if the program is told the path', () => {
    const { project, folder, untouched } = writer(true);
    const answer = replayOf(project, 'last', '--isolation', 'kernel-filter', '--map', `${folder}=${folder}-not-there`);
    untouched();
    expect(answer.outcome?.kind).not.toBe('different');
  });
});
