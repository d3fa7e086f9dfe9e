/** What people declare (trainlock.yaml, [tool.trainlock]) and which settings hold. Bytes in, values out. */
export { type Detected, initialConfig } from './initial-config.ts';
export { type Config, readConfig, readPyproject } from './read-config.ts';
export { type Origin, resolveSettings, SETTING_ROWS, type SettingRow, type Settings, type SettingSources, USER_KEYS } from './settings.ts';
