import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathOfName } from '#assembly';
import { TrainlockError } from '#base';
import type { Manifest } from '#manifest';

/** A file that is open and whose bytes are those of the record. The caller closes it. */
export type OpenModel = { readonly descriptor: number; readonly path: string; readonly sha256: string };

export type ModelPlace = {
  readonly roots: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Where a person says that the model lies. */
  readonly path?: string;
};

/**
 * Opens the model of a run and proves its bytes through the open file, so that whatever is put in its place later is another file. With a
 * path, that file must have the bytes of one of the recorded outputs. Throws TL0404.
 */
export const openModel = (manifest: Manifest, { roots, workingDirectory, path }: ModelPlace): OpenModel => {
  const hashed = manifest.outputs.flatMap(({ role, path: name, sha256, link }) => (sha256 === undefined || link !== undefined ? [] : [{ role, name, sha256 }]));
  const models = hashed.filter(({ role }) => path !== undefined || role === 'model');
  const [only] = models;
  if (only === undefined)
    throw refused('the run has no model among its outputs whose bytes were recorded', `trainlock show ${manifest.run.id.slice(0, 8)} /outputs, then --model-path FILE`);
  if (path === undefined && models.length > 1)
    throw refused(
      `the run has ${models.length} models`,
      `name one with --model-path: ${models
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ')}`,
    );
  const place = path === undefined ? pathOfName(only.name, roots) : resolve(workingDirectory, path);
  if (place === undefined) throw refused(`nobody knows where ${only.name} lies here`, '--model-path FILE');
  const descriptor = openFile(place);
  try {
    const sha256 = hashOf(descriptor);
    if (models.some((one) => one.sha256 === sha256)) return { descriptor, path: place, sha256 };
    throw refused(
      `the model is not the recorded one: ${models.length === 1 ? `${only.sha256.slice(0, 12)} was recorded` : 'no output of the run is it'}, now ${sha256.slice(0, 12)}`,
      'bring the recorded file, and name it with --model-path',
      place,
    );
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
};

const refused = (message: string, fix: string, where?: string): TrainlockError => new TrainlockError('TL0404', message, { fix, ...(where === undefined ? {} : { where }) });

const openFile = (path: string): number => {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (fstatSync(descriptor).isFile()) return descriptor;
  } catch (error) {
    throw refused(`the model cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`, 'say where it lies with --model-path', path);
  }
  closeSync(descriptor);
  throw refused('the model is no regular file', 'say where it lies with --model-path', path);
};

const PIECE = 1 << 20;

/** Reads at places, so that the program finds the file at its beginning. */
const hashOf = (descriptor: number): string => {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE);
  for (let at = 0; ;) {
    const count = readSync(descriptor, buffer, 0, PIECE, at);
    if (count === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, count));
    at += count;
  }
};
