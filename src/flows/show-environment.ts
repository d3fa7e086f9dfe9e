/** The environment that a run recorded, and what a program must be told to compute in it as the run did. */
import { type Pin, pinOf } from '#environment';
import type { Manifest } from '#manifest';
import { openStore } from '#store';

export type ShowEnvironmentOptions = { readonly projectRoot: string; readonly storeFolder: string; readonly workingDirectory: string; readonly reference: string };

export type ShownEnvironment = {
  readonly run: { readonly id: string; readonly name?: string };
  readonly manifest: Manifest;
  /** What exec --pin sets on a machine with this CPU. */ readonly pin: Pin;
};

/** Throws as the store does. */
export const showEnvironment = async ({ projectRoot, storeFolder, workingDirectory, reference }: ShowEnvironmentOptions): Promise<ShownEnvironment> => {
  const store = await openStore({ projectRoot, storeFolder });
  const run = await store.find(reference, workingDirectory);
  const manifest = await run.manifest();
  const { cpu, os } = manifest.environment;
  const same = { ...(os?.architecture === undefined ? {} : { architecture: os.architecture }), ...(cpu?.flags === undefined ? {} : { flags: cpu.flags }) };
  return { run: { id: run.id, ...(run.name === undefined ? {} : { name: run.name }) }, manifest, pin: pinOf(manifest, same) };
};
