import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  const writer = () => {
    const project = makeProject();
    const outside = join(dirname(project.folder), 'outside', 'model.txt');
    mkdirSync(dirname(outside), { recursive: true });
    project.write({ 'train.py': `open(${JSON.stringify(outside)}, "w").write("1")\nopen("a.txt", "w").write("1")\n` });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    writeFileSync(outside, 'mine');
    return { project, outside };
  };

  it('are written to a folder of the replay where mounts are possible', () => {
    const { project, outside } = writer();
    const replay = replayOf(project);
    expect(replay, replay.stdout).toMatchObject({ status: 0, outcome: { kind: 'identical' } });
    expect(replay.outcome?.outputs).toHaveLength(2);
    expect(readFileSync(outside, 'utf8')).toBe('mine');
  });

  it('are a clear refusal where they are not', () => {
    const { project, outside } = writer();
    const answer = spawnSync(DENIED[0]!, [...DENIED.slice(1), process.execPath, CLI, 'replay', 'last'], { cwd: project.folder, env: project.env, encoding: 'utf8' });
    // A project in a temporary folder writes to temporary folders, which a variable can move.
    expect([0, 2, 3]).toContain(answer.status);
    expect(readFileSync(outside, 'utf8')).toBe('mine');
    expect(existsSync(outside)).toBe(true);
  });
});
