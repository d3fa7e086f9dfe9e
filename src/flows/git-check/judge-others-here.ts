import { readPolicy } from '#approval';
import { problemLine, toHex } from '#base';
import { nodeCrypto } from '#files';
import type { ReportedFinding } from '#report';
import { checkDataDocument } from '#snapshot';
import { followTrust, pinOf } from '#trust';
import { MAX_POLICY } from '../policy/policy-file.ts';
import { MAX_TRUST, TRUST_PORTS, trustIn } from '../trust-file/trust-places.ts';
import type { ChangedUnit } from './changed-units.ts';
import type { Side } from './side-of.ts';
import { trustChainOf } from './trust-of-side.ts';

/** A policy that came, changed or went. Whether it may, another question decides: see judge-policy-change. */
export const judgePolicyHere = async ({ unit, parts: [changed] }: ChangedUnit, after: Side): Promise<readonly ReportedFinding[]> => {
  if (changed?.after === undefined)
    return [
      { id: 'policy-removed', severity: 'error', file: unit, message: 'the policy was removed: then nothing says who may approve what', fix: `git checkout BASE -- ${unit}` },
    ];
  const bytes = await after.bytes(changed.after, MAX_POLICY);
  const reading = bytes === undefined ? undefined : readPolicy(bytes, nodeCrypto);
  if (reading === undefined) return [{ id: 'policy-not-understood', severity: 'error', file: unit, message: 'the policy cannot be read' }];
  if (reading.kind === 'accepted')
    return [
      { id: 'policy-changed', severity: 'note', file: unit, message: changed.before === undefined ? 'a policy was added' : 'the policy was changed; the one before judges that' },
    ];
  return reading.problems.slice(0, 20).map(({ line, pointer, message, hint }) => ({
    id: 'policy-not-understood',
    severity: 'error',
    file: unit,
    ...(line === undefined ? {} : { line }),
    message: problemLine({ pointer, message, ...(hint === undefined ? {} : { hint }) }),
    fix: 'trainlock policy lint',
  }));
};

/** A trust file that changed must lead from the one before, by the signatures of its roots. */
export const judgeTrustHere = async (
  { project, unit, parts: [changed] }: ChangedUnit,
  { before, after, now }: { readonly before: Side; readonly after: Side; readonly now: string },
): Promise<readonly ReportedFinding[]> => {
  const file = `${project}.trainlock/trust.json`;
  if (unit !== file) return judgeOlderTrust({ project, unit, changed }, after, now);
  const [old, chain] = [await trustChainOf(before, project), await trustChainOf(after, project)];
  const base = trustIn(old.at(-1));
  const finding = (severity: 'error' | 'warning' | 'note', id: string, message: string): readonly ReportedFinding[] => [{ id, severity, file, message }];
  if (changed?.after === undefined) return finding('error', 'trust-removed', 'the trust file was removed: then nobody knows whose signatures count');
  if (old.length === 0) {
    return trustIn(chain.at(-1)) === undefined
      ? finding('error', 'trust-not-followed', 'the trust file cannot be read')
      : finding('note', 'trust-changed', 'a trust file was added; nothing that was there before vouches for it');
  }
  if (base === undefined) return finding('warning', 'trust-undecided', 'the trust file before this one cannot be read, so nothing says whether this one follows it');
  const answer = followTrust(pinOf(base), chain, now, TRUST_PORTS);
  return answer.kind === 'accepted'
    ? finding('note', 'trust-changed', `the trust file is now version ${answer.trust.version}, signed by roots of version ${base.version}`)
    : finding('error', 'trust-not-followed', `the trust file does not follow version ${base.version}: ${answer.because}`);
};

/** An older version, kept beside the one that counts: whoever reads the chain reads it too, so it must be what its name says. */
const judgeOlderTrust = async (
  { project, unit, changed }: { readonly project: string; readonly unit: string; readonly changed: ChangedUnit['parts'][number] | undefined },
  after: Side,
  now: string,
): Promise<readonly ReportedFinding[]> => {
  const named = /\/v([1-9][0-9]{0,8})\.json$/.exec(unit)?.[1];
  if (named === undefined || changed?.after === undefined) return [];
  const version = trustIn(await after.bytes(changed.after, MAX_TRUST))?.version;
  const wrong = (message: string): readonly ReportedFinding[] => [{ id: 'trust-not-followed', severity: 'error', file: unit, message }];
  if (version === undefined) return wrong('it is no trust file, and nobody could read the chain any more');
  if (version !== Number(named)) return wrong(`it is version ${version}, and its name says ${named}`);
  const chain = await trustChainOf(after, project);
  const first = trustIn(chain[0]);
  const answer = first === undefined ? undefined : followTrust(pinOf(first), chain, now, TRUST_PORTS);
  return answer?.kind === 'accepted' ? [] : wrong(`nobody could follow the chain of trust files any more${answer === undefined ? '' : `: ${answer.because}`}`);
};

const MAX_SNAPSHOT = 64 * 1024 * 1024;

/** A snapshot or an erasure that came. */
export const judgeSnapshotHere = async ({ unit, parts: [changed] }: ChangedUnit, after: Side): Promise<readonly ReportedFinding[]> => {
  if (changed?.after === undefined) return [];
  const bytes = await after.bytes(changed.after, MAX_SNAPSHOT);
  const damaged = (message: string): readonly ReportedFinding[] => [{ id: 'snapshot-damaged', severity: 'error', file: unit, message }];
  if (bytes === undefined) return damaged('the document of the snapshot cannot be read');
  const stated = /-([0-9a-f]{8})(?:\.erasure)?\.json$/.exec(unit)?.[1];
  if (!toHex(nodeCrypto.sha256(bytes)).startsWith(stated ?? '')) return damaged('its bytes are not those that its name states');
  const check = checkDataDocument(bytes);
  if (check?.kind === 'newer') return [{ id: 'snapshot-undecided', severity: 'warning', file: unit, message: `a newer trainlock wrote it (schema ${check.schemaVersion})` }];
  return check?.kind === 'valid' ? [] : damaged(check === undefined ? 'it is no snapshot' : `${check.problems[0]?.pointer ?? ''} ${check.problems[0]?.message ?? ''}`.trim());
};
