import { escapeControl } from '#base';
import type { Manifest } from '#manifest';
import type { Amendment, Reversion } from '#statements';
import { correctionProblem, correctManifest, type FieldValue, isSameValue, valueBefore, valueProblem } from './correct-manifest.ts';
import type { Signed } from './history-document.ts';
import { groupedBy } from './grouped-by.ts';
import { type HistoryFinding, type HistoryFindingKind, shortDigest } from './history-finding.ts';

export type SignedAmendment = Signed<{ readonly amendment: Amendment }>;
export type SignedReversion = Signed<{ readonly reversion: Reversion }>;

/** An amendment in its place in the chain. */
export type Revision = SignedAmendment & {
  readonly state: { readonly kind: 'applied' } | { readonly kind: 'reverted'; readonly by: SignedReversion } | Refusal;
};

type Refusal = { readonly kind: 'refused'; readonly problem: HistoryFindingKind; readonly because: string };

/** A field that reads otherwise than in the record. */
export type AmendedField = {
  readonly pointer: string;
  readonly original?: FieldValue;
  readonly now?: FieldValue;
  /** The amendment by which it reads so. */
  readonly by: SignedAmendment;
};

/** What became of a record: the record itself stays the authority for every verdict. */
export type RevisionChain = {
  /** undecided: the revisions have a fork, a gap or a circle; then `view` has what comes before it. */
  readonly kind: 'whole' | 'undecided';
  readonly original: Manifest;
  /** The record as it is to be read. */
  readonly view: Manifest;
  /** What the next amendment supersedes; absent at a fork. */
  readonly head?: string;
  /** Every amendment that was reached from the record, in order; those of side branches behind the others. */
  readonly revisions: readonly Revision[];
  readonly fields: readonly AmendedField[];
  readonly findings: readonly HistoryFinding[];
};

export type ChainQuestion = {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** Amendments whose signers count, of this record or of others, in any order. */
  readonly amendments: readonly SignedAmendment[];
  readonly reversions: readonly SignedReversion[];
  /** Amendments that do not count, by digest, and why. */
  readonly notCounted?: ReadonlyMap<string, string>;
};

/** Puts the amendments of a record in order, applies those that hold, and finds what is wrong with their chain. Total: never throws, whatever the documents say. */
export const chainOf = ({ manifest, manifestSha256, amendments, reversions, notCounted = new Map() }: ChainQuestion): RevisionChain => {
  const own = distinct(amendments.filter(({ amendment }) => amendment.record.manifestSha256 === manifestSha256));
  const takenBack = new Map(reversions.filter(({ reversion }) => reversion.of.kind === 'amendment').map((one) => [one.reversion.of.sha256, one]));
  const judged = own.map((one): Revision => ({ ...one, state: stateOf(one, manifest, takenBack) }));
  const line = lineFrom(manifestSha256, judged);
  const applied = applyAll(manifest, line.revisions);
  const { side } = line;
  const findings = [...applied.findings, ...line.findings, ...orphanFindings(line.orphans, judged, notCounted), ...refusedFindings(side)];
  return {
    kind: findings.some(({ severity }) => severity === 'error') ? 'undecided' : 'whole',
    original: manifest,
    view: applied.view,
    ...(line.head === undefined ? {} : { head: line.head }),
    revisions: [...applied.revisions, ...side],
    fields: applied.fields,
    findings,
  };
};

const distinct = (amendments: readonly SignedAmendment[]): readonly SignedAmendment[] => [...new Map(amendments.map((one) => [one.sha256, one])).values()].toSorted(byDigest);

const byDigest = (a: SignedAmendment, b: SignedAmendment): number => (a.sha256 < b.sha256 ? -1 : 1);

const stateOf = ({ sha256, amendment }: SignedAmendment, manifest: Manifest, takenBack: ReadonlyMap<string, SignedReversion>): Revision['state'] => {
  const by = takenBack.get(sha256);
  if (by !== undefined) return { kind: 'reverted', by };
  const because = correctionProblem(manifest, amendment.pointer);
  if (because !== undefined) return { kind: 'refused', problem: 'not-correctable', because };
  // Each corrects one value of its own: whether it fits does not depend on the others.
  const problem = valueProblem(manifest, amendment.pointer, amendment.after);
  return problem === undefined ? { kind: 'applied' } : { kind: 'refused', problem: 'not-a-manifest', because: `with it the manifest would be none: ${problem}` };
};

type RevisionLine = {
  readonly revisions: readonly Revision[];
  /** Of branches beside the line. */
  readonly side: readonly Revision[];
  readonly orphans: readonly Revision[];
  readonly head: string | undefined;
  readonly findings: readonly HistoryFinding[];
};

/** Goes from revision to revision. Where several follow one, those of which nothing holds any more are out of the way; if more than one is left, nobody has decided. */
const lineFrom = (root: string, all: readonly Revision[]): RevisionLine => {
  const followers = groupedBy(all, ({ amendment }) => amendment.supersedes);
  const below = (sha256: string): readonly Revision[] => descendants(sha256, followers);
  const revisions: Revision[] = [];
  const findings: HistoryFinding[] = [];
  const followed = new Set([root]);
  let head: string | undefined = root;
  let next = followers.get(root);
  while (next !== undefined && head !== undefined) {
    const live = next.length === 1 ? next : next.filter((one) => [one, ...below(one.sha256)].some(({ state }) => state.kind === 'applied'));
    const only: Revision = live[0] ?? next[0]!;
    if (live.length > 1) {
      findings.push(forkFinding(head, live, below));
      head = undefined;
    } else {
      revisions.push(only);
      head = only.sha256;
      // Digests of what was signed make no circle; those that a caller makes up may.
      next = followed.has(head) ? undefined : followers.get(head);
      followed.add(head);
    }
  }
  const reached = new Set([root, ...below(root).map(({ sha256 }) => sha256)]);
  const onLine = new Set(revisions.map(({ sha256 }) => sha256));
  return {
    revisions,
    side: all.filter(({ sha256 }) => reached.has(sha256) && !onLine.has(sha256)),
    orphans: all.filter(({ sha256 }) => !reached.has(sha256)),
    head,
    findings,
  };
};

const descendants = (sha256: string, followers: ReadonlyMap<string, readonly Revision[]>): readonly Revision[] => {
  const found = new Map<string, Revision>();
  const queue = [...(followers.get(sha256) ?? [])];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    if (found.has(one.sha256)) continue;
    found.set(one.sha256, one);
    queue.push(...(followers.get(one.sha256) ?? []));
  }
  return [...found.values()];
};

const forkFinding = (at: string, live: readonly Revision[], below: (sha256: string) => readonly Revision[]): HistoryFinding => {
  const branches = live.map((one) => [one, ...below(one.sha256)].filter(({ state }) => state.kind === 'applied'));
  return {
    kind: 'fork',
    severity: 'error',
    message: `${live.length} amendments follow the same revision ${shortDigest(at)}, and nobody has said which counts: ${live.map(described).join('; ')}`,
    about: live.map(({ sha256 }) => sha256),
    remedy: [
      'keep one, and take the others back:',
      ...branches.map((branch) => branch.map(({ sha256 }) => `trainlock revert ${shortDigest(sha256)} --reason "…"`).join(' && ')),
    ].join('\n'),
  };
};

const described = ({ sha256, person, amendment }: Revision): string => `${shortDigest(sha256)} by ${escapeControl(person)} (${escapeControl(amendment.pointer)})`;

/** Those that cannot be reached from the record. Who took one back has looked at it already. */
const orphanFindings = (orphans: readonly Revision[], all: readonly Revision[], notCounted: ReadonlyMap<string, string>): readonly HistoryFinding[] => {
  const known = new Map(all.map((one) => [one.sha256, one]));
  return orphans
    .filter(({ state }) => state.kind === 'applied')
    .map((one): HistoryFinding => {
      const last = lastAbove(one, known);
      const remedy = `trainlock revert ${shortDigest(one.sha256)} --reason "…"`;
      if (last === undefined) return { kind: 'cycle', severity: 'error', message: `the amendment ${described(one)} follows itself in a circle`, about: [one.sha256], remedy };
      const because = notCounted.get(last);
      const message = `the amendment ${described(one)} follows ${shortDigest(last)}, which ${because === undefined ? 'is not there' : `does not count: ${because}`}`;
      return { kind: 'gap', severity: 'error', message, about: [one.sha256, last], remedy: `bring the missing file back, or take this one back: ${remedy}` };
    });
};

/** The first digest above that no revision has; undefined in a circle. */
const lastAbove = (one: Revision, known: ReadonlyMap<string, Revision>): string | undefined => {
  const seen = new Set<string>();
  let here: Revision = one;
  while (!seen.has(here.sha256)) {
    seen.add(here.sha256);
    const next = known.get(here.amendment.supersedes);
    if (next === undefined) return here.amendment.supersedes;
    here = next;
  }
  return undefined;
};

type Applied = Pick<RevisionChain, 'view' | 'revisions' | 'fields' | 'findings'>;

const applyAll = (manifest: Manifest, line: readonly Revision[]): Applied => {
  let view = manifest;
  const revisions: Revision[] = [];
  const fields = new Map<string, AmendedField>();
  // What stood at a place at some time: an amendment may have been made before another one was taken back.
  const stood = new Map<string, readonly (FieldValue | undefined)[]>();
  for (const one of line) {
    const { pointer, after } = one.amendment;
    const original = one.state.kind === 'refused' ? undefined : valueBefore(manifest, pointer);
    const values = stood.get(pointer) ?? [original];
    const state = one.state.kind === 'applied' ? applyOne(view, one.amendment, values) : one.state;
    if ('view' in state) {
      view = state.view;
      if (isSameValue(original, after)) fields.delete(pointer);
      else fields.set(pointer, { pointer, ...(original === undefined ? {} : { original }), ...(after === undefined ? {} : { now: after }), by: one });
    }
    if (state.kind !== 'refused') stood.set(pointer, [...values, after]);
    revisions.push({ ...one, state: 'view' in state ? { kind: 'applied' } : state });
  }
  return { view, revisions, fields: [...fields.values()], findings: refusedFindings(revisions) };
};

const applyOne = (
  view: Manifest,
  { pointer, before, after }: Amendment,
  stood: readonly (FieldValue | undefined)[],
): { readonly kind: 'applied'; readonly view: Manifest } | Refusal => {
  if (!stood.some((value) => isSameValue(value, before)))
    return { kind: 'refused', problem: 'not-what-stood-there', because: `what it says stood at ${escapeControl(pointer)} never did` };
  return { kind: 'applied', view: correctManifest(view, pointer, after) };
};

const refusedFindings = (revisions: readonly Revision[]): readonly HistoryFinding[] =>
  revisions.flatMap((one): readonly HistoryFinding[] =>
    one.state.kind === 'refused'
      ? [{ kind: one.state.problem, severity: 'warning', message: `the amendment ${described(one)} does not count: ${one.state.because}`, about: [one.sha256] }]
      : [],
  );
