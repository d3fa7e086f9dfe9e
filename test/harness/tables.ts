import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openTableEngine, profileTables, type ProfileOptions, type TableEngine, tableSourcesOf } from '../../src/content/index.ts';
import type { TableRelation } from '../../src/content/rows/table-relation.ts';
import { quotedName } from '../../src/content/tables/sql-text.ts';
import type { Table } from '../../src/snapshot/index.ts';
import { PYTHON } from './project.ts';

/** A folder for the files of one test file, and an engine that may read in it. */
export type TableLab = {
  readonly folder: string;
  readonly engine: () => TableEngine;
  /** Writes a file; its name may lead into folders. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  /** Runs a Python program with the path of `name` as its first argument. */
  readonly python: (name: string, program: string) => string;
  /** What a statement gives, as a relation of the engine under a name. */
  readonly relation: (name: string, select: string) => Promise<TableRelation>;
  readonly profile: (names: readonly string[], options?: ProfileOptions) => Promise<readonly Table[]>;
  /** Content digests of all tables in files; a problem stands in the place of a digest. */
  readonly digests: (...names: readonly string[]) => Promise<readonly string[]>;
};

/** Opens the engine before the tests of a file and removes everything after them. */
export const makeTableLab = (digestOf: (engine: TableEngine, source: Parameters<TableEngine['open']>[0]) => Promise<string> = async () => ''): TableLab => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-tables-test-'));
  let engine: TableEngine | undefined;
  beforeAll(async () => {
    const opening = await openTableEngine({ folders: [folder], threads: 2 });
    if (opening.kind !== 'open') throw new Error(opening.reason);
    engine = opening.engine;
  });
  afterAll(async () => {
    await engine?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const place = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  return {
    folder,
    engine: () => engine!,
    write: (name, content) => {
      writeFileSync(place(name), content);
      return name;
    },
    python: (name, program) => {
      execFileSync(PYTHON, ['-c', program, place(name)], { stdio: ['ignore', 'ignore', 'inherit'] });
      return name;
    },
    relation: async (name, select) => {
      const { query } = engine!;
      await query(`CREATE OR REPLACE VIEW ${quotedName(name)} AS ${select}`);
      const columns = await query(`DESCRIBE ${quotedName(name)}`);
      return { relation: quotedName(name), columns: columns.map((column) => ({ name: String(column['column_name']), type: String(column['column_type']) })) };
    },
    profile: (names, options) => profileTables(engine!, tableSourcesOf(folder, names), options),
    digests: async (...names) => {
      const found: string[] = [];
      for (const name of names) {
        for (const source of tableSourcesOf(folder, [name])) for (const one of await engine!.separate(source)) found.push(await digestOf(engine!, one));
      }
      return found;
    },
  };
};
