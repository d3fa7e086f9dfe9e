import { join, normalize } from 'node:path';
import { itemsOf, memberOf, textOf, type YamlText } from './read-yaml.ts';

/** Data that DVC tracks. */
export type DvcOutput = {
  /** Relative to the folder of the file that names it. */
  readonly path: string;
  /** md5, or md5-dos2unix for files that DVC 1 and 2 recorded: MD5 with CR LF of texts read as LF. */
  readonly algorithm: 'md5' | 'md5-dos2unix';
  /** 32 hexadecimal digits, and .dir for a folder: then it is the MD5 of its listing. */
  readonly digest: string;
  /** Unit: byte. */
  readonly sizeBytes: number | undefined;
  readonly fileCount: number | undefined;
  /** Name of the DVC remote that this output goes to, if it is not the default. */
  readonly remote: string | undefined;
};

const DIGEST = /^[0-9a-f]{32}(?:\.dir)?$/;

/** The outputs of a .dvc file. It is hostile: what is not understood is left out. Source: dvc.org/doc/user-guide/project-structure/dvc-files. */
export const outputsOfDvcFile = (document: YamlText): readonly DvcOutput[] => itemsOf(document, 'outs').flatMap((out) => outputOf(out, textOf(document, 'wdir') ?? '.'));

/** The outputs of dvc.lock; the folders in which stages work stand in dvc.yaml. Source: dvc.org/doc/user-guide/project-structure/dvcyaml-files#dvclock-file. */
export const outputsOfLock = (lock: YamlText, pipeline: YamlText | undefined): readonly DvcOutput[] => {
  const stages = memberOf(lock, 'stages') ?? (memberOf(lock, 'schema') === undefined ? lock : undefined);
  if (typeof stages !== 'object' || Array.isArray(stages)) return [];
  return Object.keys(stages).flatMap((name) => {
    // Stages that a loop made are named base@key.
    const folder = textOf(memberOf(memberOf(pipeline, 'stages'), name.split('@')[0]!), 'wdir') ?? '.';
    return itemsOf(memberOf(stages, name), 'outs').flatMap((out) => outputOf(out, folder));
  });
};

const outputOf = (out: YamlText, folder: string): readonly DvcOutput[] => {
  const path = textOf(out, 'path');
  const digest = textOf(out, 'md5');
  if (path === undefined || digest === undefined || !DIGEST.test(digest) || path.startsWith('/') || path.includes('://') || folder.startsWith('/') || folder.includes('${'))
    return [];
  const algorithm = textOf(out, 'hash') === 'md5' ? 'md5' : 'md5-dos2unix';
  return [
    {
      path: normalize(join(folder, path)).replace(/\/$/, ''),
      algorithm,
      digest,
      sizeBytes: countOf(textOf(out, 'size')),
      fileCount: countOf(textOf(out, 'nfiles')),
      remote: textOf(out, 'remote'),
    },
  ];
};

const countOf = (text: string | undefined): number | undefined => (text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined);
