/** Checks files that should hold manifests, snapshots or erasures: every problem of every file at once. Nothing is written. */
import { JSON_LIMITS, TrainlockError } from '#base';
import { readBounded } from '#files';
import { checkDocument, deprecatedFields } from '#manifest';
import type { ValidatedFile } from '#report';
import { checkDataDocument } from '#snapshot';

/** One file after the other; a file that cannot be read does not keep the others from being checked. Throws nothing about their content. */
export const validateFiles = async (paths: readonly string[]): Promise<readonly ValidatedFile[]> => {
  const files: ValidatedFile[] = [];
  for (const path of paths) files.push(await validateFile(path));
  return files;
};

const validateFile = async (file: string): Promise<ValidatedFile> => {
  const bytes = await readBounded(file, JSON_LIMITS.maxBytes).catch(asReason);
  if (typeof bytes === 'string') return { file, kind: 'unreadable', because: bytes };
  const data = checkDataDocument(bytes);
  if (data !== undefined) return { file, ...data };
  const check = checkDocument(bytes);
  if (check.kind !== 'valid') return { file, ...check };
  const schemaVersion = check.writtenAs?.schemaVersion ?? check.manifest.schemaVersion;
  return { file, kind: 'valid', form: check.form, schemaVersion, unknown: check.unknown, deprecated: deprecatedFields(check.manifest) };
};

const asReason = (error: unknown): string => {
  if (error instanceof TrainlockError) return error.message;
  throw error;
};
