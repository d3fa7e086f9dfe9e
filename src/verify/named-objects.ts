import { readFileList } from '#digest';
import type { Manifest } from '#manifest';

/** The file lists that a manifest names. */
export const listsOf = (manifest: Manifest): readonly { readonly name: string; readonly sha256: string; readonly treeRoot?: string; readonly fileCount: number }[] => [
  ...(manifest.code.snapshot === undefined ? [] : [{ name: 'list of the code snapshot', ...manifest.code.snapshot }]),
  ...manifest.data.flatMap(({ name, list }) => (list === undefined ? [] : [{ name: `list of ${name}`, ...list }])),
];

/** The files of the code snapshot: each must be in the store, or the code cannot be restored. */
const snapshotFiles = (manifest: Manifest, lists: ReadonlyMap<string, Uint8Array> | undefined): readonly { readonly name: string; readonly sha256: string }[] => {
  const bytes = lists?.get(manifest.code.snapshot?.sha256 ?? '');
  const list = bytes === undefined ? undefined : readFileList(bytes);
  return list?.kind === 'accepted' ? list.value.map(({ path, sha256 }) => ({ name: path, sha256 })) : [];
};

const canaryObjects = ({ evaluation: { canary } }: Manifest): readonly { readonly name: string; readonly sha256: string }[] => {
  if (canary === undefined) return [];
  const { inputs, outputs } = canary;
  return [
    ...(inputs.stored === true && inputs.sha256 !== undefined ? [{ name: 'inputs of the canary', sha256: inputs.sha256 }] : []),
    ...(outputs === undefined ? [] : [{ name: 'predictions of the canary', sha256: outputs.sha256 }]),
  ];
};

/** Everything in the object store that a manifest and its lists name, each digest once, with a name for people. */
export const objectsOf = (manifest: Manifest, lists?: ReadonlyMap<string, Uint8Array>): readonly { readonly name: string; readonly sha256: string }[] => {
  const { code, data, outputs } = manifest;
  const files = [
    ...code.files,
    ...(code.repository.untracked ?? []),
    ...data.flatMap((set) => set.files ?? []),
    ...outputs,
    ...(manifest.run.entryPoint === undefined ? [] : [manifest.run.entryPoint]),
  ];
  const named = [
    ...files.flatMap(({ path, sha256, stored }) => (stored === true && sha256 !== undefined ? [{ name: path, sha256 }] : [])),
    ...(code.snapshot === undefined ? [] : [{ name: 'list of the code snapshot', sha256: code.snapshot.sha256 }]),
    ...(code.repository.patch?.sha256 === undefined || code.repository.patch.withheld !== undefined
      ? []
      : [{ name: 'patch of the working tree', sha256: code.repository.patch.sha256 }]),
    ...data.flatMap(({ name, list }) => (list === undefined ? [] : [{ name: `list of ${name}`, sha256: list.sha256 }])),
    ...canaryObjects(manifest),
    ...snapshotFiles(manifest, lists),
  ];
  return [...new Map(named.toReversed().map((one) => [one.sha256, one])).values()].toReversed();
};
