import type { GateFinding } from '../gate-finding.ts';
import type { FileMeans, RemedyAction } from './remedy-action.ts';

/** A file gets its recorded bytes, if they are at hand; else a person brings them. */
export const fileRemedy = (
  { id, about = '', outcome, remedies }: GateFinding,
  { means, hindrance }: { readonly means: FileMeans | undefined; readonly hindrance: string | undefined },
): RemedyAction => {
  const base = { kind: 'restore-file', findings: [{ id, about }], commands: remedies } as const;
  if (means?.kind !== 'found' || hindrance !== undefined) {
    const because = hindrance ?? (means?.kind === 'missing' ? means.because : 'nobody knows where its recorded bytes are');
    return { ...base, how: 'manual', changes: `${about} gets its recorded bytes; not by trainlock: ${because}`, risk: RISK };
  }
  const { file, from, isOutside } = means;
  const was = file.before === undefined ? 'nothing is there now' : `what is there now (sha256 ${file.before.slice(0, 12)}) is kept in the store`;
  const where = isOutside ? `${file.path}, outside of the project,` : file.path;
  return {
    ...base,
    how: 'automatic',
    changes: `${where} gets its recorded bytes (sha256 ${file.sha256.slice(0, 12)}) from ${from}; ${was}`,
    risk: outcome === 'unknown' ? 'none is known' : RISK,
    files: [file],
  };
};

const RISK = 'changes that nobody recorded are taken out of service';
