/** A person says that a run, a snapshot, versions of a package or a field should not be used any more: a signed statement. */
import { escapeControl, nearest, toHex, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import type { HistoryDocument } from '#history';
import { allFields, fieldAt, packageName, readVersionRange } from '#manifest';
import type { Deprecation } from '#statements';
import { findSnapshot, noSnapshot, openStore } from '#store';
import { asPointer } from './life/as-pointer.ts';
import { openSpeaker, say, type Said, type SayOptions } from './life/say.ts';

export type DeprecateOptions = SayOptions & {
  readonly what: 'run' | 'snapshot' | 'package' | 'field';
  /** A run; a snapshot; a package with versions, as in numpy>=1.0,<1.6.2; a place in the schema of manifests. */
  readonly name: string;
  readonly reason: string;
  /** What to use in its place: for a run another run, else free text. */
  readonly replacement?: string;
  /** RFC 3339 in UTC; now, if nothing is said. */
  readonly from?: string;
};

export type Deprecated = Said & { readonly of: Deprecation['of']; readonly from: string };

/** Throws TL0001 for a name that fits nothing, TL0301 to TL0304, TL0811 to TL0814, TL1501 where the word would not count, TL1101 to TL1106, TL0003. */
export const deprecateThing = async (options: DeprecateOptions): Promise<Deprecated> => {
  const of = await thingOf(options);
  const replacement = await replacementOf(of, options);
  const speaker = await openSpeaker(options);
  const now = new Date();
  const from = options.from === undefined ? now.toISOString() : new Date(options.from).toISOString();
  const { reason } = options;
  const document: HistoryDocument = {
    kind: 'deprecation',
    deprecation: { of, from, ...(replacement === undefined ? {} : { replacement }), person: speaker.person, reason, deprecatedAt: now.toISOString() },
  };
  return { ...(await say(document, speaker, options)), of, from };
};

const thingOf = async ({ what, name, projectRoot, storeFolder, workingDirectory }: DeprecateOptions): Promise<Deprecation['of']> => {
  const store = (): ReturnType<typeof openStore> => openStore({ projectRoot, storeFolder });
  switch (what) {
    case 'run': {
      const record = await (await store()).find(name, workingDirectory);
      return { kind: 'run', runId: record.id, manifestSha256: toHex(nodeCrypto.sha256(await record.statement())) };
    }
    case 'snapshot': {
      const listing = await (await store()).snapshots();
      const found = findSnapshot(listing, name);
      if (found === undefined) throw noSnapshot(listing, name);
      const { sha256, snapshot } = found;
      return { kind: 'snapshot', snapshotSha256: sha256, listSha256: snapshot.list.sha256, ...(snapshot.name === undefined ? {} : { name: snapshot.name }) };
    }
    case 'package':
      return packageOf(name);
    case 'field':
      return fieldOf(name);
  }
};

/** In place of a run stands a run that is found here; last means another one tomorrow, so what is not its name becomes its id. */
const replacementOf = async (of: Deprecation['of'], { replacement, projectRoot, storeFolder, workingDirectory }: DeprecateOptions): Promise<string | undefined> => {
  if (of.kind !== 'run' || replacement === undefined) return replacement;
  const store = await openStore({ projectRoot, storeFolder });
  const run = await store.find(replacement, workingDirectory).catch((error: unknown) => {
    if (!(error instanceof TrainlockError)) throw error;
    const { code, message, where, notes, fix } = error;
    throw new TrainlockError(code, `--replacement: ${message}`, { notes, cause: error, ...(where === undefined ? {} : { where }), ...(fix === undefined ? {} : { fix }) });
  });
  if (run.id !== of.runId) return run.name === replacement ? replacement : run.id;
  throw new TrainlockError('TL0001', `--replacement ${escapeControl(replacement)} is the run that is deprecated`, {
    notes: ['it takes another run, or is left out'],
    fix: 'trainlock list   # shows the runs of this project',
  });
};

const PACKAGE = /^([A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?) ?(|\*|(?:<|>|=|!).{1,400})$/;

const packageOf = (text: string): Deprecation['of'] => {
  const [, name, rest = ''] = PACKAGE.exec(text) ?? [];
  const versions = rest === '' ? '*' : rest;
  if (name !== undefined && readVersionRange(versions) !== undefined) return { kind: 'package', name: packageName(name), versions };
  throw new TrainlockError('TL0001', `${escapeControl(text.slice(0, 80))} is no package with versions`, {
    fix: "trainlock deprecate package 'scikit-learn>=1.0,<1.6.2' --reason TEXT",
  });
};

const fieldOf = (text: string): Deprecation['of'] => {
  const path = asPointer(text);
  if (path !== '' && fieldAt(path) !== undefined) return { kind: 'field', path };
  const near = nearest(
    path,
    allFields().map((field) => field.path),
  );
  throw new TrainlockError('TL0001', `the schema of manifests has no place ${escapeControl(text.slice(0, 200))}`, {
    notes: [...(near === undefined ? [] : [`did you mean ${near}?`]), 'items of lists are *, members of open objects {}'],
    fix: 'trainlock deprecate field /model/tier --reason TEXT',
  });
};
