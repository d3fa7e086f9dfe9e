import { constants, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bind } from './bubblewrap.ts';
import type { ProvenInput } from './prove-inputs.ts';
import { checkedObject, type ReadObject } from './restore-code.ts';

/** Inputs up to this size together are copied; larger ones are shown in place. Unit: byte. */
const COPIED_BYTES = 512 * 1024 * 1024;

/** More files than this are never mounted one by one. */
const MOST_BINDS = 500;

export type PlaceOptions = {
  readonly work: string;
  /** Where the program sees the work folder. */
  readonly seenAs: string;
  /** Whether files can be mounted at their place. */
  readonly canMount: boolean;
  readonly readObject: ReadObject;
  /** A folder for files that lie outside the project and are no longer what they were. */
  readonly scratch: string;
};

export type PlacedInputs = { readonly binds: readonly Bind[]; readonly problems: readonly string[] };

/**
 * Brings the inputs to where the program looks for them. In the project: a copy (a clone where the file system can), or for large
 * ones a mount or a link. Outside: they stay where they are; kept bytes are mounted over what has changed.
 */
export const placeInputs = async (inputs: readonly ProvenInput[], options: PlaceOptions): Promise<PlacedInputs> => {
  const total = inputs.reduce((sum, one) => sum + (one.input.inProject !== undefined && one.at.kind === 'place' ? (one.input.sizeBytes ?? 0) : 0), 0);
  const mounts = options.canMount && total > COPIED_BYTES && inputs.length <= MOST_BINDS;
  const binds: Bind[] = [];
  const problems: string[] = [];
  for (const [index, one] of inputs.entries()) {
    const { inProject, recordedPath } = one.input;
    if (one.at.kind === 'snapshot') continue;
    if (inProject !== undefined) {
      const place = join(options.work, inProject);
      await mkdir(dirname(place), { recursive: true });
      if (one.at.kind === 'object') await writeFile(place, await checkedObject(one.at.sha256, options.readObject, one.input.name), { flag: 'wx' });
      else if (mounts) binds.push({ outside: one.at.path, inside: join(options.seenAs, inProject) });
      else if (total > COPIED_BYTES) await symlink(one.at.path, place);
      else await copyFile(one.at.path, place, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    } else if (one.at.kind === 'object') {
      if (!options.canMount) problems.push(`${one.input.name} has changed, and its kept bytes cannot be mounted at its place`);
      else {
        const place = join(options.scratch, 'kept', String(index));
        await mkdir(dirname(place), { recursive: true });
        await writeFile(place, await checkedObject(one.at.sha256, options.readObject, one.input.name));
        binds.push({ outside: place, inside: recordedPath });
      }
    } else if (one.at.path !== recordedPath && options.canMount) binds.push({ outside: one.at.path, inside: recordedPath });
  }
  return { binds, problems };
};
