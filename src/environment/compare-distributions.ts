import { shellWord } from '#base';
import type { Dependencies, Manifest } from '#manifest';
import type { EnvironmentHere } from './environment-here.ts';
import { type EnvironmentFinding, NOT_RECORDED, NOT_THERE, type CompareOptions } from './finding.ts';
import { isPackageName, isPackageVersion } from './safe-names.ts';

type Distribution = Dependencies['distributions'][number];

/** Whether a run had anything to do with a distribution; where nobody could tell, it had. */
export const isNeeded = ({ relation, imported }: Distribution): boolean => imported === true || relation !== 'unrelated';

/** Compares packages by name, version and the digest of their RECORD. */
export const compareDistributions = (manifest: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] => {
  const recorded = manifest.dependencies.distributions;
  if (here.distributions === undefined) {
    return recorded.length === 0
      ? []
      : [
          {
            id: 'TL3001',
            severity: 'medium',
            state: 'unknown',
            pointer: '/dependencies/distributions',
            about: 'packages',
            recorded: `${recorded.length} packages`,
            here: reasonOf(here, '/dependencies/distributions'),
            remedy: `trainlock env diff ${names.run} --python PATH`,
          },
        ];
  }
  const found = new Map(here.distributions.map((one) => [one.name, one]));
  const known = new Set(recorded.map(({ name }) => name));
  const facts = { manifest, names };
  return [
    ...recorded.flatMap((one, index) =>
      names.neededOnly === true && !isNeeded(one) ? [] : compareOne({ ...facts, recorded: one, here: found.get(one.name), pointer: `/dependencies/distributions/${index}` }),
    ),
    ...(names.neededOnly === true ? [] : here.distributions.filter(({ name }) => !known.has(name)).map((extra) => extraFinding(extra, names))),
  ];
};

/** Why something could not be asked here. */
export const reasonOf = (here: EnvironmentHere, about: string): string =>
  here.unavailable.find((one) => one.about.startsWith(about) || about.startsWith(`${one.about}/`))?.reason ?? 'it could not be asked';

type Pair = { readonly manifest: Manifest; readonly names: CompareOptions; readonly recorded: Distribution; readonly here: Distribution | undefined; readonly pointer: string };

const compareOne = (pair: Pair): readonly EnvironmentFinding[] => {
  const { recorded, here, pointer } = pair;
  const finding = (facts: Pick<EnvironmentFinding, 'severity' | 'state' | 'recorded' | 'here'>, at = ''): readonly EnvironmentFinding[] => [
    {
      id: 'TL3001',
      ...facts,
      severity: isNeeded(recorded) ? facts.severity : 'low',
      pointer: pointer + at,
      about: `package ${recorded.name}`,
      remedy: remedyOf(pair),
    },
  ];
  if (here === undefined) return finding({ severity: recorded.imported === true ? 'high' : 'medium', state: 'different', recorded: recorded.version, here: NOT_THERE });
  if (here.version !== recorded.version)
    return finding(
      { severity: majorOf(here.version) === majorOf(recorded.version) ? 'medium' : 'high', state: 'different', recorded: recorded.version, here: here.version },
      '/version',
    );
  if (isProjectItself(pair)) return [];
  const files = filesOf(recorded, here);
  return files === undefined ? [] : finding({ severity: 'medium', ...files }, '/recordSha256');
};

/** What is to be said of the files of two installations of one version; undefined if they are the same. */
const filesOf = (recorded: Distribution, here: Distribution): Pick<EnvironmentFinding, 'state' | 'recorded' | 'here'> | undefined => {
  const { version } = recorded;
  if (recorded.source?.kind === 'editable' || here.source?.kind === 'editable')
    return { state: 'unknown', recorded: `${version}, ${sourceText(recorded)}`, here: `${here.version}, ${sourceText(here)}; its code lies in a folder and is not compared` };
  if (recorded.recordSha256 === undefined || here.recordSha256 === undefined)
    return { state: 'unknown', recorded: `${version}, ${digestText(recorded)}`, here: `${here.version}, ${digestText(here)}; its files cannot be compared` };
  if (recorded.recordSha256 !== here.recordSha256) return { state: 'different', recorded: `${version}, ${digestText(recorded)}`, here: `${here.version}, ${digestText(here)}` };
  const [then, now] = [changedText(recorded), changedText(here)];
  if (recorded.sizesAgree === 'no' && here.sizesAgree === 'no') return { state: 'unknown', recorded: `${version}, ${then}`, here: `${here.version}, ${now}` };
  if ((recorded.sizesAgree === 'no') !== (here.sizesAgree === 'no')) return { state: 'different', recorded: `${version}, ${then}`, here: `${here.version}, ${now}` };
  if (recorded.sizesAgree === 'yes' && here.sizesAgree === 'unknown' && here.source?.kind !== 'system')
    return { state: 'unknown', recorded: `${version}, ${then}`, here: `${here.version}, its files could not be read` };
  return undefined;
};

/** The project installed into its own environment: its code is judged as code (verify --env), not as a package. */
const isProjectItself = ({ manifest, recorded, here }: Pair): boolean => {
  const { project } = manifest.run.roots;
  const isBelowProject = (url: string | undefined): boolean =>
    url !== undefined && (url.startsWith('${project}') || (project !== undefined && url.startsWith(`file://${project}`)));
  return recorded.source?.kind === 'editable' && here?.source?.kind === 'editable' && (isBelowProject(recorded.source.url) || recorded.location?.startsWith('${project}') === true);
};

const digestText = ({ recordSha256 }: Distribution): string => (recordSha256 === undefined ? 'no RECORD' : `RECORD ${recordSha256.slice(0, 12)}`);

const sourceText = ({ source }: Distribution): string => (source === undefined ? 'source unknown' : source.kind === 'editable' ? 'editable' : `from ${source.kind}`);

const changedText = ({ sizesAgree, modified }: Distribution): string =>
  sizesAgree === 'no' ? `files changed after the installation${modified === undefined ? '' : ` (${modified.length})`}` : 'files as installed';

/** The first number of a version, behind its epoch. Source: PEP 440. */
export const majorOf = (version: string): string => {
  const match = /^v?(?:([0-9]{1,9})!)?([0-9]{1,12})/i.exec(version.trim());
  return match === null ? version : `${match[1] ?? '0'}!${match[2]}`;
};

const remedyOf = ({ recorded, names }: Pair): string => {
  const { name, version, source, installer } = recorded;
  if (!isPackageName(name) || !isPackageVersion(version)) return 'look at it: its name or version is none that pip knows';
  const install = (what: string): string => `${shellWord(names.python)} -m pip install --no-deps --force-reinstall ${shellWord(what)}`;
  if (installer?.startsWith('conda') === true) return `conda install ${shellWord(`${name}=${version}`)}`;
  switch (source?.kind) {
    case 'vcs':
      return source.url === undefined || source.commit === undefined
        ? `trainlock env lock ${names.run} --format pip`
        : install(`${name} @ ${source.url.startsWith('git+') ? '' : 'git+'}${source.url}@${source.commit}`);
    case 'url':
      return source.url === undefined ? install(`${name}==${version}`) : install(`${name} @ ${source.url}`);
    case 'system':
      return `install ${name} ${version} with the package manager of the system`;
    case 'editable':
    case 'local':
      return `bring ${name} as it was (${source.url ?? 'its place was not recorded'}), then: trainlock verify ${names.run} --env`;
    default:
      return install(`${name}==${version}`);
  }
};

const extraFinding = ({ name, version }: Distribution, { python }: CompareOptions): EnvironmentFinding => ({
  id: 'TL3001',
  severity: 'low',
  state: 'different',
  pointer: '/dependencies/distributions',
  about: `package ${name}`,
  recorded: NOT_RECORDED,
  here: version,
  remedy: isPackageName(name) ? `${shellWord(python)} -m pip uninstall ${name}` : 'look at it: its name is none that pip knows',
});
