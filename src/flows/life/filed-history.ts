import { escapeControl } from '#base';
import { sortHistory, type SortedHistory } from '#history';
import { localTrust, type TrustStanding } from '#trust';
import { type JudgedHistory, judgeHistory } from '#verify';
import { documentStatements } from '../signed-documents/document-files.ts';
import { DOCUMENT_PORTS, judgedAt } from '../signed-documents/signed-at.ts';
import { listedAuthorities } from '../trust-file/listed-authorities.ts';
import { localKeys } from '../trust-file/local-keys.ts';
import { standingOf } from '../trust-file/standing-of.ts';
import type { Environment } from '../trust-file/trust-places.ts';

export type HistoryPlace = {
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  /** A pin file for this question. */
  readonly pin?: string;
};

/** A signed document of the folder of history, and what it is worth. */
export type FiledHistory = { readonly path: string; readonly judged: JudgedHistory };

/** Everything that persons have said about the records of a project after they were made. */
export type HistoryHere = {
  readonly trust: TrustStanding;
  readonly filed: readonly FiledHistory[];
  /** What counts, by its kind. */
  readonly counted: SortedHistory;
  /** Documents that could be read and do not count, by digest, and why. */
  readonly notCounted: ReadonlyMap<string, string>;
  /** Files of which nobody knows what they say: each may take something back. */
  readonly unread: readonly { readonly path: string; readonly because: string }[];
};

/**
 * Whose word counts here: as the trust file says; where there is none, and no root is pinned, what keys of this user have signed is
 * self-attested, as for records. Throws TL0002 or TL1201 for a pin file that cannot be used.
 */
export const historyTrust = async ({ projectRoot, workingDirectory, env, pin }: HistoryPlace): Promise<TrustStanding> => {
  const standing = await standingOf({ projectRoot, workingDirectory, env, now: new Date().toISOString(), ...(pin === undefined ? {} : { pin }) });
  return standing.kind === 'none' ? localTrust(await localKeys(env)) : standing;
};

/** Reads and judges every document. What cannot be read does not count, and is told. Throws as historyTrust does. */
export const historyHere = async (place: HistoryPlace): Promise<HistoryHere> => {
  const { paths, unread } = await documentStatements(place.projectRoot, 'history');
  if (paths.length === 0 && unread === undefined)
    return { trust: { kind: 'none', because: 'nothing was said' }, filed: [], counted: sortHistory([]), notCounted: new Map(), unread: [] };
  const trust = await historyTrust(place);
  const authorities = trust.kind === 'accepted' ? listedAuthorities(trust.trust) : [];
  const own = trust.kind === 'local' ? (await localKeys(place.env)).map(({ key }) => key) : [];
  const filed: FiledHistory[] = [];
  for (const path of paths) filed.push({ path, judged: await judgedAt(path, (signed) => judgeHistory({ signed, trust, authorities, own }, DOCUMENT_PORTS)) });
  if (unread !== undefined) filed.push({ path: unread.path, judged: { kind: 'refused', because: unread.because } });
  return {
    trust,
    filed,
    counted: sortHistory(filed.flatMap(({ judged }) => (judged.kind === 'signed' ? [{ sha256: judged.sha256, ...judged.by, document: judged.document }] : []))),
    notCounted: new Map(filed.flatMap(({ judged }) => (judged.kind !== 'signed' && judged.sha256 !== undefined ? [[judged.sha256, judged.because] as const] : []))),
    unread: filed.flatMap(({ path, judged }) => (judged.kind === 'refused' && judged.document === undefined ? [{ path, because: escapeControl(judged.because) }] : [])),
  };
};
