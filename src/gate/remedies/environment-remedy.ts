import type { EnvironmentFact } from '../gate-facts.ts';
import type { GateFinding } from '../gate-finding.ts';
import { aboutOf, NOTHING_CHANGES, type RemedyAction, type RemedyKind, type RemedyMeans } from './remedy-action.ts';

/** How a difference of packages is called by whoever compares environments. */
const PACKAGE = 'package ';

/** The package of a finding that an installation mends. */
const mended = ({ id, about }: GateFinding, { packages, hindrance }: RemedyMeans): NonNullable<RemedyAction['packages']>[number] | undefined =>
  id === 'TL3001' && hindrance === undefined && about?.startsWith(PACKAGE) === true ? packages?.all.find(({ name }) => name === about.slice(PACKAGE.length)) : undefined;

/** All packages that can be installed as recorded, at once: they were recorded together. */
export const installPackages = (open: readonly GateFinding[], means: RemedyMeans): readonly RemedyAction[] => {
  const wanted = open.flatMap((finding) => {
    const one = mended(finding, means);
    return one === undefined ? [] : [{ finding, one }];
  });
  if (means.packages === undefined || wanted.length === 0) return [];
  const { interpreter, place } = means.packages;
  const packages = wanted.map(({ one }) => one);
  return [
    {
      kind: 'install-packages',
      how: 'automatic',
      findings: wanted.map(({ finding }) => aboutOf(finding)).slice(0, 64),
      changes: `${packages.map(({ name, version }) => `${name} ${version}`).join(', ')} replaces what is installed in ${place}, outside of what trainlock keeps`,
      risk: 'everything else that uses this interpreter gets the recorded versions too',
      commands: [...new Set(wanted.flatMap(({ finding: { remedies } }) => remedies))].slice(0, 32),
      packages,
      interpreter,
    },
  ];
};

const OTHERS = 'other programs of this machine may get another version too';

const KINDS: Readonly<Record<EnvironmentFact['id'], readonly [kind: RemedyKind, changes: string, risk: string]>> = {
  TL3001: ['install-packages', 'a person installs what was recorded', OTHERS],
  TL3002: ['install-native', 'a person installs the recorded library, or takes the recorded image', OTHERS],
  TL3003: ['pin-settings', 'what serves is started with the settings that choose the recorded kernels; a service of others is started by them', 'it may be slower'],
  TL3004: ['pin-settings', 'what serves is started with the recorded threads and variables; a service of others is started by them', 'it may be slower'],
  TL3005: ['look', 'another accelerator cannot be made: serve on the recorded one, or record and approve a run on this one', NOTHING_CHANGES],
};

/** A difference of software and machine that no installation of trainlock mends. */
export const environmentRemedy = (finding: GateFinding & Pick<EnvironmentFact, 'id'>, means: RemedyMeans): readonly RemedyAction[] => {
  if (mended(finding, means) !== undefined) return [];
  const [kind, changes, risk] = KINDS[finding.id];
  const hindered = finding.id === 'TL3001' && means.hindrance !== undefined ? `; not by trainlock: ${means.hindrance}` : '';
  return [
    {
      kind,
      how: 'manual',
      findings: [aboutOf(finding)],
      changes: `${changes}${hindered}`,
      risk,
      commands: finding.remedies,
    },
  ];
};
