import { toHex, utf8 } from '#base';
import { nodeCrypto } from '#files';
import type { EnvironmentFact } from '#gate';
import type { Manifest } from '#manifest';
import type { RunRecord } from '#store';
import { environmentFindings } from '../env/environment-findings.ts';

type Place = { readonly env: Readonly<Record<string, string | undefined>>; readonly workingDirectory: string; readonly projectRoot: string; readonly python?: string };

/** Longest word of what is here that people still copy. Unit: character. */
const LONGEST = 60;

const shortOf = (here: string): string => (here.length <= LONGEST ? here : `sha256:${toHex(nodeCrypto.sha256(utf8(here))).slice(0, 12)}`);

/** What of the software and the machine here is another thing than when the model was trained. Only what the run needed is compared. */
export const environmentFacts = async (place: Place, { run, manifest }: { readonly run: RunRecord; readonly manifest: Manifest }): Promise<readonly EnvironmentFact[]> => {
  const { env, workingDirectory, projectRoot, python } = place;
  const runName = run.id.slice(0, 8);
  const { findings } = await environmentFindings(manifest, { env, workingDirectory, projectRoot, ...(python === undefined ? {} : { python }), runName, neededOnly: true });
  return findings.map(({ id, severity, state, about, recorded, here, remedy }) => ({
    id,
    severity,
    outcome: state === 'different' ? 'wrong' : 'unknown',
    about,
    found: state === 'different' ? `here ${shortOf(here)}` : 'unknown',
    because: state === 'different' ? `${recorded} was recorded, here ${here}` : `${recorded} was recorded, ${here}`,
    remedies: [remedy],
  }));
};
