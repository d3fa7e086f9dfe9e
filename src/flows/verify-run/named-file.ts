import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { hashFiles, readBounded } from '#files';
import { MAX_STATEMENT, type RunRecord } from '#store';
import type { NamedFile } from '#verify';

/** Whether a reference named a file, and not a run by its name, its folder, its id or its digest. Never throws. */
export const isFoundByFile = async (run: RunRecord, { reference, workingDirectory }: { readonly reference: string; readonly workingDirectory: string }): Promise<boolean> => {
  if (/^last(?:~[0-9]{1,9})?$/.test(reference) || run.name === reference || run.folder.name === reference) return false;
  const letters = reference.replace(/^sha256:/, '').toLowerCase();
  if (/^[0-9a-f-]{6,}$/.test(letters) && [run.id, run.id.replaceAll('-', ''), run.manifestSha256 ?? ''].some((id) => id.startsWith(letters))) return false;
  const facts = await stat(resolve(workingDirectory, reference)).catch(() => undefined);
  return facts?.isFile() === true;
};

/** What the file that a person named holds: it takes part in the verdict, whatever led from it to a record. Throws TL0002. */
export const namedFile = async (path: string): Promise<NamedFile> => {
  const [facts] = await hashFiles([{ path }], { jobs: 1 });
  const document = path.endsWith('.json') ? await readBounded(path, MAX_STATEMENT * 1.5).catch(() => undefined) : undefined;
  return { name: basename(path), ...(facts?.sha256 === undefined ? {} : { sha256: facts.sha256 }), ...(document === undefined ? {} : { document }) };
};
