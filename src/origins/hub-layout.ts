import { homedir } from 'node:os';
import { join } from 'node:path';

/** A place in the cache of huggingface_hub. Source: huggingface.co/docs/huggingface_hub/guides/manage-cache. */
export type HubPlace = {
  /** The folder of the repository in the cache. */
  readonly folder: string;
  readonly type: HubType;
  /** org/name, or name. */
  readonly repository: string;
  readonly revision: string;
  /** Path in the repository; empty for the whole. */
  readonly path: string;
};

export type HubType = 'models' | 'datasets' | 'spaces';

const NAME = /^[A-Za-z0-9_.-]{1,96}$/;

/** What a path in the cache says; undefined if it is none. */
export const readHubPath = (path: string): HubPlace | undefined => {
  const match = /^(.*\/(models|datasets|spaces)--([^/]+))\/snapshots\/([0-9a-f]{40})(?:\/(.*?))?\/?$/s.exec(path);
  if (match === null) return undefined;
  const parts = match[3]!.split('--');
  if (parts.length > 2 || !parts.every((part) => NAME.test(part))) return undefined;
  return { folder: match[1]!, type: match[2] as HubType, repository: parts.join('/'), revision: match[4]!, path: match[5] ?? '' };
};

/** Address of a repository: hf://org/name for models, hf://datasets/org/name. Source: huggingface_hub, HfFileSystem. */
export const hubUri = ({ type, repository }: Pick<HubPlace, 'type' | 'repository'>): string => `hf://${type === 'models' ? '' : `${type}/`}${repository}`;

/** The repository of an address; undefined if it is none. It is hostile. */
export const readHubUri = (uri: string): Pick<HubPlace, 'type' | 'repository'> | undefined => {
  const match = /^hf:\/\/(?:(datasets|spaces)\/)?([^/]+(?:\/[^/]+)?)$/.exec(uri);
  if (match === null || !match[2]!.split('/').every((part) => NAME.test(part) && !part.startsWith('.') && !part.includes('--'))) return undefined;
  return { type: (match[1] as HubType | undefined) ?? 'models', repository: match[2]! };
};

/** Where huggingface_hub keeps its cache. Source: huggingface.co/docs/huggingface_hub/package_reference/environment_variables. */
export const hubCache = (environment: Readonly<Record<string, string | undefined>>): string =>
  environment['HF_HUB_CACHE'] ?? environment['HUGGINGFACE_HUB_CACHE'] ?? join(hubHome(environment), 'hub');

export const hubHome = (environment: Readonly<Record<string, string | undefined>>): string =>
  environment['HF_HOME'] ?? join(environment['XDG_CACHE_HOME'] ?? join(environment['HOME'] ?? homedir(), '.cache'), 'huggingface');
