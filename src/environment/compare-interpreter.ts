import type { Manifest } from '#manifest';
import { reasonOf } from './compare-distributions.ts';
import type { EnvironmentHere } from './environment-here.ts';
import type { EnvironmentFinding, CompareOptions } from './finding.ts';

/** Compares the interpreter of the first process by implementation, version and bytes. Only one is asked here: further ones of other bytes stay unknown. */
export const compareInterpreter = (manifest: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] => [
  ...compareFirst(manifest, here, names),
  ...further(manifest, names),
];

const further = ({ dependencies: { interpreters } }: Manifest, { run }: CompareOptions): readonly EnvironmentFinding[] =>
  interpreters.flatMap((one, index): readonly EnvironmentFinding[] =>
    index === 0 || (one.sha256 !== undefined && one.sha256 === interpreters[0]?.sha256)
      ? []
      : [
          {
            id: 'TL3001',
            severity: 'medium',
            state: 'unknown',
            pointer: `/dependencies/interpreters/${index}`,
            about: `interpreter ${index + 1} of the run`,
            recorded: `${one.implementation} ${one.version}`,
            here: 'only one interpreter is asked',
            remedy: `trainlock env diff ${run} --python PATH, for each`,
          },
        ],
  );

const compareFirst = (manifest: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] => {
  const recorded = manifest.dependencies.interpreters[0];
  if (recorded === undefined) return [];
  const now = here.interpreter;
  const text = (one: { readonly implementation: string; readonly version: string }): string => `${one.implementation} ${one.version}`;
  const finding = (facts: Pick<EnvironmentFinding, 'id' | 'severity' | 'state' | 'here'> & { readonly recorded?: string }, at: string): readonly EnvironmentFinding[] => [
    {
      recorded: text(recorded),
      ...facts,
      pointer: `/dependencies/interpreters/0${at}`,
      about: 'interpreter',
      remedy: `uv python install ${/^[0-9.]+$/.test(recorded.version) ? recorded.version : 'VERSION'}, then: trainlock env diff ${names.run} --python PATH`,
    },
  ];
  if (now === undefined) return finding({ id: 'TL3001', severity: 'high', state: 'unknown', here: reasonOf(here, '/dependencies/interpreters') }, '');
  if (now.implementation !== recorded.implementation || now.version !== recorded.version) {
    const sameSeries = now.implementation === recorded.implementation && seriesOf(now.version) === seriesOf(recorded.version);
    return finding({ id: 'TL3001', severity: sameSeries ? 'medium' : 'high', state: 'different', here: text(now) }, '/version');
  }
  if (recorded.sha256 === undefined || now.sha256 === undefined)
    return finding({ id: 'TL3002', severity: 'medium', state: 'unknown', here: `${text(now)}; its bytes cannot be compared` }, '/sha256');
  return recorded.sha256 === now.sha256
    ? []
    : finding(
        { id: 'TL3002', severity: 'medium', state: 'different', recorded: `${text(recorded)}, ${recorded.sha256.slice(0, 12)}`, here: `${text(now)}, ${now.sha256.slice(0, 12)}` },
        '/sha256',
      );
};

/** 3.11 of 3.11.7: packages of one series do not fit another. */
const seriesOf = (version: string): string => version.split('.').slice(0, 2).join('.');

/** Whether the interpreter is another one, so that its own libraries are too. */
export const isOtherInterpreter = (manifest: Manifest, here: EnvironmentHere): boolean => {
  const recorded = manifest.dependencies.interpreters[0];
  return recorded === undefined || here.interpreter === undefined || recorded.version !== here.interpreter.version || recorded.sha256 !== here.interpreter.sha256;
};
