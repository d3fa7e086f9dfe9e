import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandThatBrings, loadPackage } from './load-package.ts';

const base = mkdtempSync(join(tmpdir(), 'trainlock-package-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const programIn = (name: string, description: unknown): string => {
  const folder = join(base, name, 'dist', 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(base, name, 'package.json'), JSON.stringify(description));
  return folder;
};

describe('a package that is loaded from beside the program', () => {
  it.each([
    ['of the wheel', { name: 'trainlock', installer: 'pip' }, 'pip install "trainlock[tables]"'],
    ['of the npm package', { name: 'trainlock' }, 'npm install @duckdb/node-api'],
    ['that says something else', { installer: ['pip'] }, 'npm install @duckdb/node-api'],
  ])('is brought by the installer %s', (name, description, command) => {
    expect(commandThatBrings('@duckdb/node-api', programIn(name, description))).toBe(command);
  });

  it('is brought by npm where no package.json tells', () => {
    expect(commandThatBrings('h5wasm', '/')).toBe('npm install trainlock');
  });

  it('is what it exports', async () => {
    expect(await loadPackage('h5wasm', async () => 7)).toBe(7);
  });

  it('is an error with the command that brings it where it is missing', async () => {
    const name = 'node-sqlite3-wasm-that-is-not-there';
    await expect(loadPackage('node-sqlite3-wasm', () => import(name))).rejects.toMatchObject({
      code: 'TL0807',
      message: 'node-sqlite3-wasm is not installed',
      fix: 'npm install trainlock',
    });
  });

  it('keeps the error where the package is there and broken', async () => {
    const broken = new Error('bad bytes');
    await expect(loadPackage('h5wasm', () => Promise.reject(broken))).rejects.toBe(broken);
  });
});
