import { isAbsolute, relative, sep } from 'node:path';
import { toHex } from '#base';
import type { EvidencePointer } from '#evidence';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { besideStatement, RUN_FILES, type RunRecord } from '#store';
import { LEAF, leafFiles, PROOF } from '../log/leaf-files.ts';

/** Largest file that is hashed to point at it: a record, and what lies beside it. Unit: byte. */
const MAX_FILE = 96 * 1024 * 1024;

/** A path as people find it: relative to the project where it lies there. */
const pathHere = (projectRoot: string, path: string): string => {
  const short = relative(projectRoot, path);
  return short === '' || short === '..' || short.startsWith(`..${sep}`) || isAbsolute(short) ? path : short;
};

/** A file and the digest of its bytes as they are now; undefined if it is not there or cannot be read. Never throws. */
export const pointerTo = async (projectRoot: string, path: string): Promise<EvidencePointer | undefined> => {
  const bytes = await readBoundedIfThere(path, MAX_FILE).catch(() => undefined);
  return bytes === undefined ? undefined : { file: pathHere(projectRoot, path), sha256: toHex(nodeCrypto.sha256(bytes)) };
};

/** The record of a run as something to point at. */
export const recordPointer = (projectRoot: string, run: RunRecord): EvidencePointer => ({
  file: pathHere(projectRoot, run.statementPath),
  ...(run.manifestSha256 === undefined ? {} : { sha256: run.manifestSha256 }),
});

type Beside = { readonly view?: EvidencePointer; readonly bundle?: EvidencePointer; readonly proofs: readonly EvidencePointer[] };

/** What lies beside the record of a run. */
export const filesBeside = async (projectRoot: string, run: RunRecord): Promise<Beside> => {
  const at = (name: string): Promise<EvidencePointer | undefined> => pointerTo(projectRoot, besideStatement(run.statementPath, name));
  const [view, bundle] = [await at(RUN_FILES.manifest), await at(RUN_FILES.bundle)];
  const proofs: EvidencePointer[] = [];
  const { files } = await leafFiles(run.statementPath);
  for (const { name } of files)
    for (const ending of [LEAF, PROOF]) {
      const pointer = await at(`${RUN_FILES.proofs}/${name}${ending}`);
      if (pointer !== undefined) proofs.push(pointer);
    }
  return { ...(view === undefined ? {} : { view }), ...(bundle === undefined ? {} : { bundle }), proofs };
};
