import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EVERYTHING } from '../harness/effort.ts';
import tools from '../../tools/go-tools.json' with { type: 'json' };

export type GoToolName = keyof typeof tools;

/** With the full stack every program must be there that .ci/run builds; `npm run test:full` builds the others too, and says so. */
const mustBeThere = (name: GoToolName): boolean => {
  const onlyFull = 'onlyFull' in tools[name];
  return EVERYTHING || (process.env['TRAINLOCK_TEST_STACK'] === 'full' && !onlyFull);
};

/**
 * A program of another project, built from its Go module: at the path in its variable, else in .cache/go-tools. Undefined, said in one
 * line, where it is not at hand.
 */
export const goTool = (name: GoToolName): string | undefined => {
  const variable = `TRAINLOCK_${name.toUpperCase().replaceAll('-', '_')}`;
  const path = [process.env[variable], resolve('.cache/go-tools', name)].find((place) => place !== undefined && place !== '' && existsSync(place));
  if (path !== undefined) return path;
  const why = `${name} is not at hand (node tools/build-go-tools.mjs ${name}, or ${variable})`;
  if (mustBeThere(name)) throw new Error(why);
  console.warn(`${why}: its tests are skipped`);
  return undefined;
};
