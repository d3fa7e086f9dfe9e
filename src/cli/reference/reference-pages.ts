/** The reference pages and the man page, by path; written by npm run generate, and compared with what is there by its --check. */
import { cliPage } from './cli-page.ts';
import { type ConfigSchema, configurationPage } from './configuration-page.ts';
import { errorsPage } from './errors-page.ts';
import { manPage } from './man-page.ts';
import { manifestPage } from './manifest-page.ts';

export const referencePages = (configSchema: ConfigSchema): Readonly<Record<string, string>> => ({
  'docs/reference/cli.md': cliPage(),
  'docs/reference/configuration.md': configurationPage(configSchema),
  'docs/reference/errors.md': errorsPage(),
  'docs/reference/manifest.md': manifestPage(),
  'man/trainlock.1': manPage(),
});
