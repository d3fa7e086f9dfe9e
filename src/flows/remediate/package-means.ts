import { tmpdir } from 'node:os';
import { lockOf } from '#environment';
import { makeTemporaryFolder } from '#files';
import type { GateFacts, RemedyMeans } from '#gate';
import type { Manifest } from '#manifest';
import { interpreterOf } from '../env/environment-here.ts';
import { findArchives } from '../env/find-archives.ts';
import { servingPython } from '../gate-model/canary-fact.ts';
import { runTool } from '../project-health/run-tool.ts';

export type PackageQuestion = {
  readonly manifest: Manifest;
  readonly projectRoot: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly python?: string;
  /** Folders with wheels that a person named. */
  readonly findLinks: readonly string[];
};

/** Most packages that are installed at once. */
const MOST = 200;

/**
 * Packages that can be installed exactly as recorded: an archive of each has a proven hash. What has none is left to a person, and so is
 * everything where the interpreter does not answer. Throws TL0002 for a named folder that cannot be read.
 */
export const packagesHere = async ({ differences }: Pick<GateFacts, 'differences'>, question: PackageQuestion): Promise<RemedyMeans['packages']> => {
  const wanted = new Set(differences.flatMap(({ id, about }) => (id === 'TL3001' && about.startsWith('package ') ? [about.slice('package '.length)] : [])));
  if (wanted.size === 0) return undefined;
  const { manifest, env } = question;
  const interpreter = await interpreterOf({ ...question, ...servingPython(manifest, question) });
  const place = interpreter === undefined ? undefined : await packageFolder(interpreter, env);
  if (interpreter === undefined || place === undefined) return undefined;
  const { entries } = lockOf(manifest, { archives: await findArchives(manifest, { ...question, cache: true }), neededOnly: false });
  const all = entries.flatMap((entry) =>
    wanted.has(entry.name) && entry.kind === 'archive' ? [{ name: entry.name, version: entry.version, archiveSha256: entry.archive.sha256 }] : [],
  );
  return { interpreter, place, all: all.slice(0, MOST) };
};

/** Where an interpreter has its packages. It starts in an empty folder, and isolated, as the gate starts it. */
const packageFolder = async (interpreter: string, env: PackageQuestion['env']): Promise<string | undefined> => {
  const folder = await makeTemporaryFolder(tmpdir(), 'trainlock-ask-');
  try {
    const answer = await runTool(interpreter, ['-I', '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], { env, cwd: folder.path });
    const path = answer?.code === 0 ? answer.stdout.trim() : '';
    return path.startsWith('/') && !path.includes('\n') ? path : undefined;
  } finally {
    await folder.remove();
  }
};
