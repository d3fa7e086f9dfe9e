import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportKey, newKey } from '#keys';
import { type ChangedTrust, type ChangeRequest, changeTrust } from '../change-trust.ts';
import { newTrust } from '../new-trust.ts';
import { planPin, writePin } from '../pin-trust.ts';
import { signTrustFile } from '../sign-trust.ts';
import { showTrust } from '../show-trust.ts';
import { verifyTrust } from '../verify-trust.ts';

type Person = { readonly projectRoot: string; readonly workingDirectory: string; readonly env: Readonly<Record<string, string>> };

const MINUTE = { now: '2030-01-01T00:00:00Z' };

/** A project, and people with a home and a root each. */
const team = async (names: readonly string[], threshold: number): Promise<{ readonly people: readonly Person[]; readonly folder: string }> => {
  const base = mkdtempSync(join(tmpdir(), 'trainlock-trust-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const folder = join(base, 'project');
  mkdirSync(folder);
  const people = names.map((name): Person => ({ projectRoot: folder, workingDirectory: folder, env: { HOME: join(base, name) } }));
  for (const [at, { env }] of people.entries()) {
    await newKey({ env, name: 'root', purpose: 'root' });
    writeFileSync(join(folder, `${names[at]}.pub`), await exportKey({ env, name: 'root' }));
  }
  const roots = names.map((name, at) => (at === 0 ? `${name}=root` : `./${name}.pub`));
  await newTrust({ ...people[0]!, roots, threshold, dryRun: false });
  for (const person of people.slice(1, threshold)) await signTrustFile({ ...person, signWith: [], dryRun: false });
  for (const person of people) await writePin(await planPin({ ...person, system: false }));
  return { people, folder };
};

const change = (person: Person, request: ChangeRequest = { kind: 'renew' }): Promise<ChangedTrust> => changeTrust({ ...person, change: request, signWith: [], dryRun: false });
const trustFolder = (folder: string): string => join(folder, '.trainlock');
const files = (folder: string): readonly string[] => readdirSync(trustFolder(folder), { recursive: true }).map(String).sort();
const versionOf = async (person: Person): Promise<number | string> => {
  const { standing } = await verifyTrust({ ...person, now: new Date().toISOString() });
  return standing.kind === 'accepted' ? standing.trust.version : standing.kind;
};

describe('the versions of a trust file on disk', () => {
  it('keeps every version before the one that counts, byte for byte', async () => {
    const { people, folder } = await team(['ann'], 1);
    const [ann] = people as [Person];
    const first = readFileSync(join(trustFolder(folder), 'trust.json'));
    await change(ann);
    const second = readFileSync(join(trustFolder(folder), 'trust.json'));
    await change(ann);
    expect(files(folder)).toEqual(['trust', 'trust.json', 'trust/v1.json', 'trust/v2.json']);
    expect(readFileSync(join(trustFolder(folder), 'trust/v1.json'))).toEqual(first);
    expect(readFileSync(join(trustFolder(folder), 'trust/v2.json'))).toEqual(second);
    expect(await versionOf(ann)).toBe(3);
  });

  it('goes on where a process was killed: the old version is kept, and the new one not in its place yet', async () => {
    const { people, folder } = await team(['ann', 'ben'], 2);
    const [ann, ben] = people as [Person, Person];
    await change(ann);
    mkdirSync(join(trustFolder(folder), 'trust'));
    copyFileSync(join(trustFolder(folder), 'trust.json'), join(trustFolder(folder), 'trust/v1.json'));
    expect(await versionOf(ann)).toBe(1);
    expect(await signTrustFile({ ...ben, signWith: [], dryRun: false })).toMatchObject({ kind: 'installed', version: 2 });
    expect(files(folder)).toEqual(['trust', 'trust.json', 'trust/v1.json']);
  });

  it('goes on where a process was killed: the new version counts, and still lies among those that wait', async () => {
    const { people, folder } = await team(['ann', 'ben'], 2);
    const [ann, ben] = people as [Person, Person];
    await change(ann);
    await signTrustFile({ ...ben, signWith: [], dryRun: false });
    copyFileSync(join(trustFolder(folder), 'trust.json'), join(trustFolder(folder), 'trust.next.json'));
    expect((await showTrust(ann)).waiting).toBeUndefined();
    expect(await change(ann)).toMatchObject({ kind: 'waiting', version: 3 });
    expect(await signTrustFile({ ...ben, signWith: [], dryRun: false })).toMatchObject({ kind: 'installed', version: 3 });
    expect(await versionOf(ann)).toBe(3);
  });

  it('goes on where a process was killed: enough have signed, and the version still waits', async () => {
    const { people, folder } = await team(['ann', 'ben'], 2);
    const [ann, ben] = people as [Person, Person];
    const first = readFileSync(join(trustFolder(folder), 'trust.json'));
    await change(ann);
    await signTrustFile({ ...ben, signWith: [], dryRun: false });
    // As it was before the new version took its place.
    copyFileSync(join(trustFolder(folder), 'trust.json'), join(trustFolder(folder), 'trust.next.json'));
    writeFileSync(join(trustFolder(folder), 'trust.json'), first);
    rmSync(join(ann.env['HOME']!, '.config/trainlock/trust-pin.json'));
    await writePin(await planPin({ ...ann, system: false }));
    expect(await signTrustFile({ ...ann, signWith: [], dryRun: false })).toMatchObject({ kind: 'installed', version: 2 });
  });

  it('refuses a version that waits and does not follow the one that counts, or that no root has proposed', async () => {
    const { people, folder } = await team(['ann', 'ben'], 2);
    const [ann, ben] = people as [Person, Person];
    await change(ann);
    const second = readFileSync(join(trustFolder(folder), 'trust.next.json'));
    await signTrustFile({ ...ben, signWith: [], dryRun: false });
    await change(ann);
    const third = readFileSync(join(trustFolder(folder), 'trust.next.json'), 'utf8');
    writeFileSync(join(trustFolder(folder), 'trust.next.json'), second.toString().replace('"sig":"M', '"sig":"N'));
    await expect(change(ann)).resolves.toMatchObject({ version: 3 });
    writeFileSync(join(trustFolder(folder), 'trust.next.json'), third.replace(/"sig":"...../, '"sig":"MEUCA'));
    await expect(signTrustFile({ ...ben, signWith: [], dryRun: false })).rejects.toThrow('no root has proposed it');
    await expect(change(ben)).rejects.toThrow('no root has proposed it');
    writeFileSync(join(trustFolder(folder), 'trust.next.json'), '<<<<<<< ours');
    await expect(change(ben)).rejects.toThrow('the next version cannot be read');
  });

  it('signs nothing else than what somebody has looked at', async () => {
    const { people } = await team(['ann', 'ben'], 2);
    const [ann, ben] = people as [Person, Person];
    const looked = await change(ann);
    await change(ann, { kind: 'renew' });
    await expect(signTrustFile({ ...ben, signWith: [], dryRun: false, expected: looked.sha256 })).rejects.toThrow('was changed while you looked at it');
  });

  it('lets exactly one succeed where several processes change the same version at once', async () => {
    const { people, folder } = await team(['ann'], 1);
    const [ann] = people as [Person];
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => change(ann)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await versionOf(ann)).toBe(2);
    expect(files(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('renews a version that has expired', async () => {
    const { people } = await team(['ann'], 1);
    const [ann] = people as [Person];
    const { standing } = await verifyTrust({ ...ann, ...MINUTE });
    expect(standing).toMatchObject({ kind: 'refused', refusal: 'expired' });
    await changeTrust({ ...ann, change: { kind: 'renew' }, days: 3650, signWith: [], dryRun: false });
    expect((await verifyTrust({ ...ann, ...MINUTE })).standing).toMatchObject({ kind: 'accepted' });
  });

  it('leaves a pin alone that was replaced meanwhile, and one that was named for a question', async () => {
    const { people } = await team(['ann'], 1);
    const [ann] = people as [Person];
    const pin = join(ann.env['HOME']!, '.config/trainlock/trust-pin.json');
    copyFileSync(pin, `${pin}.copy`);
    await change(ann);
    await verifyTrust({ ...ann, pin: `${pin}.copy`, now: new Date().toISOString() });
    expect(readFileSync(`${pin}.copy`, 'utf8')).toContain('"version": 1');
    expect(readFileSync(pin, 'utf8')).toContain('"version": 2');
    expect(statSync(pin).mode & 0o777).toBe(0o644);
    chmodSync(pin, 0o646);
    await expect(versionOf(ann)).rejects.toThrow('other users can write the pinned roots');
    expect(existsSync(pin)).toBe(true);
  });
});
