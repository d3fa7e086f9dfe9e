import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A program of another project that was built from its Go module: at the path in the variable, else in .cache/go-tools; undefined if it is not there. */
export const goTool = (name: string, variable: string): string | undefined =>
  [process.env[variable], resolve('.cache/go-tools', name)].find((path) => path !== undefined && path !== '' && existsSync(path));
