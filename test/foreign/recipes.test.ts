/** Every recipe of docs/guides/verify-without-trainlock.md with the real tools: on a fresh record, and on the same record with one byte changed. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { growLog } from '../harness/machine-log.ts';
import { CLI, has, hasPrograms, PYTHON } from '../harness/project.ts';
import { answerRequest, certificateFolder, makeCertificate, startTimeServer } from '../harness/time-authority.ts';
import { commandsOf, missingLines, type Section, sectionsOf } from '../docs/blocks.ts';
import { type GoToolName, goTool } from './go-tool.ts';

const [given, ...recipes] = sectionsOf(readFileSync('docs/guides/verify-without-trainlock.md', 'utf8'));

const home = mkdtempSync(join(tmpdir(), 'trainlock-recipes-'));
const [bin, own] = [join(home, 'bin'), join(home, 'own')];
for (const folder of [bin, own, join(home, 'home')]) mkdirSync(folder);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const GO_TOOLS: ReadonlySet<string> = new Set<GoToolName>(['cosign', 'fsck', 'slsa-verifier']);
const MODULES: ReadonlySet<string> = new Set(['securesystemslib', 'model_signing']);

const isAtHand = (need: string): boolean => {
  if (MODULES.has(need)) return has(need);
  if (!GO_TOOLS.has(need)) return need === 'python' || hasPrograms(need);
  const path = goTool(need as GoToolName);
  if (path !== undefined) symlinkSync(path, join(bin, need));
  return path !== undefined;
};

/** What a recipe needs, as its first line says. */
const needsOf = ({ text }: Section): readonly string[] => [...(/^Needs .*$/m.exec(text)?.[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, need]) => need!);
const needs = new Map([...new Set(recipes.flatMap(needsOf))].map((need) => [need, isAtHand(need)]));

/** Go keeps its modules and what it has built where it always does, and not below the home of a test. */
const goSettings = (): Record<string, string> =>
  needs.get('go') === true
    ? (JSON.parse(execFileSync('go', ['env', '-json', 'GOMODCACHE', 'GOCACHE', 'GOPATH', 'GOPROXY', 'GOSUMDB', 'GOFLAGS', 'GOTOOLCHAIN'], { encoding: 'utf8' })) as Record<
        string,
        string
      >)
    : {};

/** What the auditor has: the tools, and no trainlock. */
const env: Readonly<Record<string, string>> = {
  ...goSettings(),
  PATH: `${bin}:${dirname(PYTHON)}:${process.env['PATH'] ?? ''}`,
  HOME: join(home, 'home'),
  LANG: 'C.UTF-8',
  PYTHONDONTWRITEBYTECODE: '1',
};

type Answer = { readonly status: number; readonly text: string };

/** Runs a script, and gives what it prints anywhere. */
const shell = (script: string, cwd: string, environment: Readonly<Record<string, string>>): Promise<Answer> =>
  new Promise((done) => {
    const child = execFile('sh', ['-c', `exec 2>&1\n${script}`], { cwd, env: environment }, (error, text) =>
      done({ status: error === null ? 0 : Number(error.code ?? 255), text }),
    );
    child.stdin?.end();
  });

const filesOf = (section: Section): readonly (readonly [string, string])[] => section.blocks.flatMap(({ file, text }) => (file === undefined ? [] : [[file, text] as const]));
const textsOf = (section: Section, language: string): readonly string[] => section.blocks.flatMap((block) => (block.language === language ? [block.text] : []));

/** Where the page makes its record, with an authority that dates it and a log that has other leaves too. */
const project = join(home, 'project');
const prepare = async (folder: string, more: Readonly<Record<string, string>> = {}): Promise<void> => {
  mkdirSync(folder);
  for (const [file, text] of [...filesOf(given!), ...Object.entries(more)]) writeFileSync(join(folder, file), text);
  const withTrainlock = { ...env, PATH: `${own}:${env['PATH']}` };
  for (const { command } of textsOf(given!, 'console').flatMap(commandsOf)) {
    const { status, text } = await shell(command, folder, withTrainlock);
    expect(status, `${command}\n${text}`).toBe(0);
  }
};

beforeAll(async () => {
  writeFileSync(join(own, 'trainlock'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  chmodSync(join(own, 'trainlock'), 0o755);
  const { folder, remove } = certificateFolder();
  const root = makeCertificate(folder, 'root', undefined);
  const signer = makeCertificate(folder, 'signer', root);
  const server = await startTimeServer(async (request) => ({ body: await answerRequest(signer, request) }));
  try {
    await growLog({ env }, 3, 'earlier');
    await prepare(project, {
      'trainlock.yaml': `version: 0\nsigning:\n  timeAuthorities:\n    - ${server.url}\n`,
      'authority.pem': readFileSync(root.pemPath, 'utf8'),
    });
  } finally {
    await server.stop();
    remove();
  }
});

/** Carries out a recipe in a copy of the project, after something was done to the copy. */
const carryOut = async (recipe: Section, spoil: (folder: string) => void = () => undefined, from = project): Promise<Answer> => {
  const folder = mkdtempSync(join(home, 'copy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(from, folder, { recursive: true });
  for (const [file, text] of filesOf(recipe)) writeFileSync(join(folder, file), text);
  spoil(folder);
  return shell(['set -e', ...textsOf(given!, 'sh'), ...textsOf(recipe, 'sh')].join('\n'), folder, env);
};

const shown = (recipe: Section): readonly string[] =>
  [given!, recipe].flatMap((section) => textsOf(section, 'text')).flatMap((text) => text.split('\n').filter((line) => line !== ''));

const runOf = (folder: string): string => join(folder, '.trainlock/runs', readdirSync(join(folder, '.trainlock/runs')).at(-1)!);
const fileIn = (folder: string, pattern: RegExp): string => {
  const found = (readdirSync(folder, { recursive: true, encoding: 'utf8' }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => pattern.test(path) && statSync(path).isFile());
  if (found.length === 0) throw new Error(`no file ${pattern.source}`);
  return found.sort()[0]!;
};

/** Turns the last bit of the byte behind a text, or of the last byte. */
const turned = (bytes: Uint8Array, behind?: string): Buffer => {
  const copy = Buffer.from(bytes);
  const at = behind === undefined ? copy.length - 1 : copy.indexOf(behind) + behind.length;
  if (behind !== undefined && !copy.includes(behind)) throw new Error(`there is no ${behind}`);
  copy[at]! ^= 1;
  return copy;
};

type Spoil = (folder: string) => void;
type Envelope = { payload: string; signatures: { sig: string }[] };
type Bundle = { dsseEnvelope: Envelope; verificationMaterial: { timestampVerificationData: { rfc3161Timestamps: { signedTimestamp: string }[] } } };

const inFile =
  (place: (folder: string) => string, behind?: string): Spoil =>
  (folder) =>
    writeFileSync(place(folder), turned(readFileSync(place(folder)), behind));
const inBase64 = (text: string, behind?: string): string => turned(Buffer.from(text, 'base64'), behind).toString('base64');

/** Changes a document of JSON, and puts it back as it is written here. */
const inDocument =
  <T>(place: (folder: string) => string, change: (document: T) => void): Spoil =>
  (folder) => {
    const document = JSON.parse(readFileSync(place(folder), 'utf8')) as T;
    change(document);
    writeFileSync(place(folder), JSON.stringify(document));
  };

const bundle = (folder: string): string => join(runOf(folder), 'statement.sigstore.json');
const summary = (folder: string): string => join(folder, 'summary.json');
const modelSignature = (folder: string): string => join(folder, 'model/model.sig');
const leaf = (folder: string): string => fileIn(runOf(folder), /\/proofs\/signed-.*\.leaf$/);
const proof = (folder: string): string => fileIn(runOf(folder), /\/proofs\/signed-.*\.tlog-proof$/);

const theModel = inFile((folder) => join(folder, 'model/weights.bin'));
const theStatement = inFile((folder) => join(runOf(folder), 'statement.json'), '"startedAt":"20');
const inBundle = (change: (bundle: Bundle) => void): Spoil => inDocument(bundle, change);
const thePayload = inBundle(({ dsseEnvelope }) => (dsseEnvelope.payload = inBase64(dsseEnvelope.payload, '"startedAt":"20')));
const theSignature = inBundle(({ dsseEnvelope }) => (dsseEnvelope.signatures[0]!.sig = inBase64(dsseEnvelope.signatures[0]!.sig)));
const theToken = inBundle(({ verificationMaterial: { timestampVerificationData: times } }) => {
  times.rfc3161Timestamps[0]!.signedTimestamp = inBase64(times.rfc3161Timestamps[0]!.signedTimestamp);
});

/** One changed byte, by recipe: in what the tool looks at. */
const SPOILED: Readonly<Record<string, Readonly<Record<string, Spoil>>>> = {
  'The files: sha256sum': { 'the model': theModel, 'a digest in the statement': inFile((folder) => join(runOf(folder), 'statement.json'), '"subject":[{"digest":{"sha256":"') },
  'The signature: openssl': { 'the statement': theStatement, 'the signature': theSignature },
  'The time: openssl ts': { 'the time token': theToken, 'the signature': theSignature },
  'Model and signature: cosign': { 'the payload': thePayload, 'the signature': theSignature, 'the model': theModel },
  'The signature: Python': { 'the payload': thePayload, 'the signature': theSignature, 'the statement': theStatement },
  'The files of the model: model_signing': {
    'the model': theModel,
    'the payload': inDocument<Bundle>(modelSignature, ({ dsseEnvelope }) => (dsseEnvelope.payload = inBase64(dsseEnvelope.payload, '"digest":"'))),
    'the signature': inDocument<Bundle>(modelSignature, ({ dsseEnvelope }) => (dsseEnvelope.signatures[0]!.sig = inBase64(dsseEnvelope.signatures[0]!.sig))),
    'a file more': (folder) => writeFileSync(join(folder, 'model/more.bin'), ''),
  },
  'A verification summary: slsa-verifier': {
    'the payload': inDocument<Envelope>(summary, (envelope) => (envelope.payload = inBase64(envelope.payload, '"timeVerified":"20'))),
    'the signature': inDocument<Envelope>(summary, ({ signatures: [first] }) => (first!.sig = inBase64(first!.sig))),
    'the model': theModel,
  },
  'In the log: Go': {
    'the statement': theStatement,
    'the leaf': inFile(leaf, '"time":"20'),
    'a hash of the proof': inFile(proof, 'index 3\n'),
    'the checkpoint': inFile(proof, '\n4\n'),
  },
  'The whole log: fsck': {
    'an entry': inFile((folder) => fileIn(join(folder, 'log'), /\/tile\/entries\//)),
    'a hash': inFile((folder) => fileIn(join(folder, 'log'), /\/tile\/0\//)),
    'the checkpoint': inFile((folder) => join(folder, 'log/checkpoint'), '\n4\n'),
  },
};

describe('the page about verifying without trainlock', () => {
  it('has recipes of which each is tried on changed bytes', () => {
    expect(recipes.map(({ title }) => title)).toEqual(Object.keys(SPOILED));
    expect(recipes.filter((recipe) => needsOf(recipe).length === 0 || textsOf(recipe, 'sh').length === 0)).toEqual([]);
  });

  describe.each(recipes.map((recipe) => [recipe.title, recipe] as const))('%s', (title, recipe) => {
    const isPossible = needsOf(recipe).every((need) => needs.get(need));

    it.skipIf(!isPossible)('prints what it shows', async () => {
      const { status, text } = await carryOut(recipe);
      expect(status, text).toBe(0);
      expect(missingLines(text, shown(recipe)), text).toEqual([]);
    });

    it.skipIf(!isPossible).each(Object.keys(SPOILED[title] ?? {}))('refuses one changed byte: %s', async (what) => {
      const { status, text } = await carryOut(recipe, SPOILED[title]![what]);
      expect(status, text).not.toBe(0);
      expect(missingLines(text, shown(recipe)), text).not.toEqual([]);
    });
  });

  it.skipIf(!needs.get('jq'))('shows another identity for another statement', async () => {
    const identityIn = async (spoil?: Spoil): Promise<string | undefined> => /^([0-9a-f]{64}) {2}\.trainlock/m.exec((await carryOut(recipes[0]!, spoil)).text)?.[1];
    const identity = await identityIn();
    expect(identity).toMatch(/^[0-9a-f]{64}$/);
    expect(await identityIn(theStatement)).not.toBe(identity);
  });

  it.skipIf(!needs.get('jq'))('has a command for Ed25519 that does as it says', async () => {
    const [, signature] = recipes;
    const command = /`(openssl pkeyutl [^`]+)`/.exec(signature!.text)![1]!;
    const recipe = { ...signature!, blocks: signature!.blocks.map((block) => ({ ...block, text: block.text.replace(/^openssl dgst .*$/m, command) })) };
    const other = join(home, 'edwards');
    await shell('trainlock keys new edwards --algorithm ed25519', home, { ...env, PATH: `${own}:${env['PATH']}` });
    await prepare(other, { 'trainlock.yaml': 'version: 0\nsigning:\n  key: edwards\n' });
    expect((await carryOut(recipe, undefined, other)).text).toContain('Signature Verified Successfully');
    expect((await carryOut(recipe, theStatement, other)).status).not.toBe(0);
  });
});
