import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frameOf } from '../fixtures/zstd-frames.ts';
import type { TestProject } from './project.ts';

export const OBJECTS = '.trainlock/objects/sha256';

/** What the store of a project holds: paths below its objects. */
export const objectsOf = (project: TestProject): readonly string[] =>
  readdirSync(join(project.folder, OBJECTS))
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((name) => readdirSync(join(project.folder, OBJECTS, name)).map((rest) => `${name}/${rest}`));

/** Leaves objects as a Node.js that compresses might: on one that does not, this is how its store looks when another one shares it. */
export const compressObjects = (project: TestProject, leastBytes: number): void => {
  for (const name of objectsOf(project).filter((one) => !one.endsWith('.zst'))) {
    const path = join(project.folder, OBJECTS, name);
    const bytes = readFileSync(path);
    if (bytes.length < leastBytes) continue;
    writeFileSync(`${path}.zst`, frameOf(bytes));
    rmSync(path);
  }
};
