/** Every setting and declaration with its value and where it came from. */
import { makeRedactor, pointerToken } from '#base';
import { type Origin, SETTING_ROWS } from '#config';
import { loadProject, type Project, type ProjectLocation } from './load-project.ts';

export type ShownSetting = {
  /** Keys in trainlock.yaml, dotted. */
  readonly name: string;
  readonly value: unknown;
  readonly origin: Origin;
};

export type ShownConfig = {
  readonly projectRoot: string;
  readonly foundBy: Project['foundBy'];
  readonly storeFolder: string;
  readonly configFile?: string;
  readonly userConfigFile?: string;
  readonly settings: readonly ShownSetting[];
  /** What is declared about data, metrics, model and so on: JSON pointer and value; all of it comes from configFile. */
  readonly declared: readonly { readonly pointer: string; readonly value: unknown }[];
};

/** Secrets in values are masked. Throws as loadProject does. */
export const showConfig = async (location: ProjectLocation): Promise<ShownConfig> => {
  const { projectRoot, foundBy, storeFolder, configFile, userConfigFile, settings, config } = await loadProject(location);
  const settingKeys = new Set(SETTING_ROWS.map((row) => row.at.join('.')));
  const declared = leaves(config, '').filter(({ pointer }) => !settingKeys.has(pointer.split('/').slice(1, 3).join('.')) && !settingKeys.has(pointer.slice(1)));
  return {
    projectRoot,
    foundBy,
    storeFolder,
    ...(configFile === undefined ? {} : { configFile }),
    ...(userConfigFile === undefined ? {} : { userConfigFile }),
    settings: SETTING_ROWS.map((row) => ({ name: row.at.join('.'), value: masked(settings[row.name].value), origin: settings[row.name].origin })),
    declared: declared.map(({ pointer, value }) => ({ pointer, value: masked(value) })),
  };
};

const { redact } = makeRedactor();

const masked = (value: unknown): unknown => {
  if (typeof value === 'string') return redact(value).text;
  return Array.isArray(value) ? value.map(masked) : value;
};

type Leaf = { readonly pointer: string; readonly value: unknown };

/** Lists of plain values count as one leaf. */
const leaves = (value: unknown, pointer: string): readonly Leaf[] => {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object') ? value.flatMap((item, index) => leaves(item, `${pointer}/${index}`)) : [{ pointer, value }];
  if (typeof value !== 'object' || value === null) return [{ pointer, value }];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, `${pointer}/${pointerToken(key)}`));
};
