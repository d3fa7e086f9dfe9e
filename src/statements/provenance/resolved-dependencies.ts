import { withoutUndefined } from '#base';
import type { DataSet, Manifest } from '#manifest';
import { isUri, type ResourceDescriptor } from '../resource-descriptor.ts';
import { packageUrl } from './package-url.ts';

/** What went into a run, and how much of it could not be named, because neither its digest nor its address is known. */
export type ResolvedDependencies = {
  readonly described: readonly ResourceDescriptor[];
  readonly notDescribed: Readonly<Record<string, number>>;
};

/** Everything that a manifest says went into the run: data, code, lock, interpreters, packages, libraries, image, earlier runs. */
export const resolvedDependencies = (manifest: Manifest): ResolvedDependencies => {
  const groups: Readonly<Record<string, readonly ResourceDescriptor[]>> = {
    data: manifest.data.flatMap(ofData),
    code: ofCode(manifest.code),
    lock: ofLock(manifest),
    interpreter: ofInterpreters(manifest),
    package: manifest.dependencies.distributions.map(ofDistribution),
    'native-library': ofNative(manifest),
    'container-image': ofImage(manifest),
    'earlier-run': ofEarlierRuns(manifest),
  };
  const described = Object.entries(groups).flatMap(([role, things]) => things.filter(isNamed).map((thing) => ({ ...thing, annotations: { ...thing.annotations, role } })));
  const missing = Object.entries(groups).flatMap(([role, things]) => {
    const count = things.filter((thing) => !isNamed(thing)).length;
    return count === 0 ? [] : [[role, count] as const];
  });
  return { described, notDescribed: Object.fromEntries(missing) };
};

const isNamed = ({ uri, digest }: ResourceDescriptor): boolean => uri !== undefined || digest !== undefined;

const sha256 = (digest: string | undefined): { readonly sha256: string } | undefined => (digest === undefined ? undefined : { sha256: digest });

const descriptor = (name: string, digest: Readonly<Record<string, string>> | undefined, annotations: Readonly<Record<string, string | undefined>> = {}): ResourceDescriptor =>
  withoutUndefined({ name, digest, annotations: withoutUndefined(annotations) as Readonly<Record<string, string>> });

/** A data set is named by its files or by the list of them; where it came from, where that has an address, by a second entry. */
const ofData = (data: DataSet): readonly ResourceDescriptor[] => {
  const about = { dataSet: data.name, use: data.role, origin: data.origin.kind, version: data.version };
  const files = (data.files ?? []).map((file) => descriptor(file.path, sha256(file.sha256), about));
  const list =
    data.list === undefined
      ? []
      : [
          descriptor(`${data.name} (list of its files)`, sha256(data.list.sha256), {
            ...about,
            content: 'file-list',
            treeRoot: data.list.treeRoot,
            fileCount: String(data.list.fileCount),
          }),
        ];
  const origin = ofOrigin(data);
  const things = [...files, ...list, ...(origin === undefined ? [] : [origin])];
  return things.length > 0 ? things : [descriptor(data.name, undefined, about)];
};

const GIT_OBJECT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

const ofOrigin = ({ name, role, origin }: DataSet): ResourceDescriptor | undefined => {
  if (origin.uri === undefined || !isUri(origin.uri)) return undefined;
  const isCommit = (origin.kind === 'git' || origin.kind === 'git-lfs') && origin.revision !== undefined && GIT_OBJECT.test(origin.revision);
  return {
    ...descriptor(`${name} (where it came from)`, isCommit ? { gitCommit: origin.revision } : undefined, {
      dataSet: name,
      use: role,
      origin: origin.kind,
      revision: origin.revision,
      path: origin.path,
    }),
    uri: origin.uri,
  };
};

const ofCode = ({ repository, files, snapshot }: Manifest['code']): readonly ResourceDescriptor[] => {
  const { commit, remote, patch } = repository;
  const address = remote === undefined ? undefined : remote.startsWith('git+') ? remote : `git+${remote}`;
  const uri = address === undefined || !isUri(address) ? undefined : `${address}${commit === undefined ? '' : `@${commit}`}`;
  const isCommit = commit !== undefined && GIT_OBJECT.test(commit);
  return [
    ...(commit === undefined
      ? []
      : [withoutUndefined({ ...descriptor('repository', isCommit ? { gitCommit: commit } : undefined, { dirty: repository.dirty, pushed: repository.pushed }), uri })]),
    ...(patch === undefined ? [] : [descriptor('changes that are not committed', sha256(patch.sha256))]),
    ...(snapshot === undefined ? [] : [descriptor('snapshot of the code (list of its files)', sha256(snapshot.sha256), { content: 'file-list', treeRoot: snapshot.treeRoot })]),
    ...files.map((file) => descriptor(file.path, sha256(file.sha256))),
  ];
};

const ofLock = ({ dependencies: { lock } }: Manifest): readonly ResourceDescriptor[] =>
  lock === undefined ? [] : [descriptor(lock.path, sha256(lock.sha256), { kind: lock.kind, agreesWithEnvironment: lock.agrees })];

const ofInterpreters = ({ dependencies }: Manifest): readonly ResourceDescriptor[] =>
  dependencies.interpreters.map((one) => descriptor(`${one.implementation} ${one.version}`, sha256(one.sha256), { executable: one.executable, build: one.build }));

const ofDistribution = (one: Manifest['dependencies']['distributions'][number]): ResourceDescriptor => ({
  ...descriptor(one.name, sha256(one.wheelSha256), {
    version: one.version,
    relation: one.relation,
    imported: one.imported === undefined ? undefined : one.imported ? 'yes' : 'no',
    recordSha256: one.recordSha256,
  }),
  uri: packageUrl(one),
});

const ofNative = ({ dependencies }: Manifest): readonly ResourceDescriptor[] =>
  dependencies.native.map((one) => descriptor(one.path, sha256(one.sha256), { buildId: one.buildId, owner: one.owner?.name, ownerVersion: one.owner?.version }));

const ofImage = ({ environment: { container } }: Manifest): readonly ResourceDescriptor[] => {
  const image = container?.image;
  const digest = /^sha256:([0-9a-f]{64})$/.exec(image?.digest ?? '')?.[1];
  return image === undefined ? [] : [descriptor(image.reference ?? 'container image', sha256(digest), { status: image.status })];
};

const ofEarlierRuns = ({ lineage, run }: Manifest): readonly ResourceDescriptor[] => [
  ...(lineage.parents ?? []).map((parent) => descriptor(parent.run ?? 'earlier run', sha256(parent.manifestSha256), { through: parent.through })),
  ...(run.parents ?? []).map((parent) => descriptor(parent.run, sha256(parent.manifestSha256), { kind: parent.kind })),
  ...(run.parents ?? []).flatMap((parent) =>
    parent.checkpointSha256 === undefined ? [] : [descriptor(`checkpoint of ${parent.run}`, sha256(parent.checkpointSha256), { kind: parent.kind })],
  ),
];
