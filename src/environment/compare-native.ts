import { countOf, shellWord } from '#base';
import type { Dependencies, Environment, Manifest } from '#manifest';
import { reasonOf } from './compare-distributions.ts';
import { isOtherInterpreter } from './compare-interpreter.ts';
import type { EnvironmentHere } from './environment-here.ts';
import { type EnvironmentFinding, NOT_THERE, type CompareOptions } from './finding.ts';
import { libraryKey } from './library-key.ts';
import { isSystemPackage } from './safe-names.ts';

type Library = Dependencies['native'][number];

/**
 * Compares shared libraries that no Python package brought, by build id. Those of packages are compared with their package. Libraries
 * that belong to one package of the system are one finding.
 */
export const compareNative = (manifest: Manifest, here: EnvironmentHere, names: CompareOptions): readonly EnvironmentFinding[] => {
  const otherPython = isOtherInterpreter(manifest, here);
  const recorded = manifest.dependencies.native
    .map((library, index) => ({ library, index }))
    .filter(({ library }) => library.owner?.kind !== 'distribution' && !/\/(?:site|dist)-packages\//.test(library.path) && !(otherPython && isOfInterpreter(library.path)));
  if (recorded.length === 0) return [];
  if (here.native === undefined)
    return [
      {
        id: 'TL3002',
        severity: 'medium',
        state: 'unknown',
        pointer: '/dependencies/native',
        about: 'native libraries',
        recorded: countOf(recorded.length, 'library', 'libraries'),
        here: reasonOf(here, '/dependencies/native'),
        remedy: `trainlock env diff ${names.run} --python PATH`,
      },
    ];
  const found = new Map(here.native.map((library) => [libraryKey(library.path), library]));
  const judged = recorded.map(({ library, index }) => {
    const now = found.get(libraryKey(library.path));
    return { library, index, now, verdict: judge(library, now) };
  });
  return grouped(judged.filter(({ verdict }) => verdict !== 'same')).map((group) => findingOf(group, manifest.environment));
};

/** Libraries of one owner with one verdict. */
const grouped = (judged: readonly Judged[]): readonly (readonly Judged[])[] => {
  const groups = new Map<string, Judged[]>();
  for (const one of judged) {
    const key = `${ownerName(one.library)}\n${one.verdict}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
};

const isOfInterpreter = (path: string): boolean => /\/lib-dynload\/|\/libpython[0-9.]+|\/(?:python|pypy)[0-9.]*$/.test(path);

type Verdict = 'same' | 'different' | 'absent' | 'unknown';
type Judged = { readonly library: Library; readonly index: number; readonly now: Library | undefined; readonly verdict: Verdict };

const judge = (library: Library, now: Library | undefined): Verdict => {
  if (now === undefined) return 'absent';
  if (library.buildId !== undefined && now.buildId !== undefined) return library.buildId === now.buildId ? 'same' : 'different';
  if (library.sha256 !== undefined && now.sha256 !== undefined) return library.sha256 === now.sha256 ? 'same' : 'different';
  if (library.sizeBytes !== undefined && now.sizeBytes !== undefined && library.sizeBytes !== now.sizeBytes) return 'different';
  const isSamePackage = library.owner?.version !== undefined && library.owner.name === now.owner?.name && library.owner.version === now.owner.version;
  return isSamePackage ? 'same' : 'unknown';
};

const ownerName = ({ owner, path }: Library): string => (owner !== undefined ? `${owner.kind} ${owner.name}` : isOfInterpreter(path) ? 'libraries of the interpreter' : path);

const findingOf = (group: readonly Judged[], environment: Environment): EnvironmentFinding => {
  const [{ library, index, now, verdict }] = group as [Judged, ...Judged[]];
  const { owner } = library;
  const many = group.length === 1 ? '' : ` (${countOf(group.length, 'library', 'libraries')})`;
  const is = (one: Library): string =>
    [one.owner?.version, one.buildId === undefined ? undefined : `build id ${one.buildId.slice(0, 12)}`].filter((part) => part !== undefined).join(', ') || 'no build id';
  return {
    id: 'TL3002',
    severity: 'medium',
    state: verdict === 'unknown' ? 'unknown' : 'different',
    pointer: `/dependencies/native/${index}`,
    about: owner === undefined && !isOfInterpreter(library.path) ? `library ${library.path.slice(library.path.lastIndexOf('/') + 1)}` : `${ownerName(library)}${many}`,
    recorded: is(library),
    here: now === undefined ? NOT_THERE : verdict === 'unknown' ? `${is(now)}; nothing tells whether it is the same` : is(now),
    remedy: remedyOf(library, environment),
  };
};

const remedyOf = ({ owner, path }: Library, { container }: Environment): string => {
  const image = container?.image;
  const inImage = image?.digest === undefined ? undefined : `run in the image ${image.reference ?? ''}@${image.digest}`;
  if (owner?.version === undefined || !isSystemPackage(owner.name, owner.version)) return inImage ?? `bring ${path} as it was, or run in an image that has it`;
  const [name, version] = [owner.name, owner.version];
  switch (owner.kind) {
    case 'deb':
      return `apt-get install ${shellWord(`${name}=${version}`)}`;
    case 'rpm':
      return `dnf install ${shellWord(`${name}-${version}`)}`;
    case 'apk':
      return `apk add ${shellWord(`${name}=${version}`)}`;
    case 'conda':
      return `conda install ${shellWord(`${name}=${version}`)}`;
    default:
      return inImage ?? `install ${name} ${version}`;
  }
};
