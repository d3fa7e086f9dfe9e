import type { ExitRow, FlagRow, PositionalRow } from './command.ts';

/** A run, as every command takes it. */
export const RUN: PositionalRow = {
  name: 'RUN',
  summary: 'last, last~N, a name, a prefix (6 or more) of its id or digest, its folder, or a model file beside it',
  required: true,
  completes: 'run',
};

/** What every command may also end with. */
export const FAILED: ExitRow = { code: '2', means: 'could not be carried out: usage, missing file, input or output, internal' };

/** Which key signs a statement of a person. */
export const STATEMENT_KEY: FlagRow = {
  name: 'key',
  kind: 'text',
  value: 'KEY',
  summary: 'name of a key, path of a private key, or reference of a key behind another tool',
  default: 'default',
  env: 'TRAINLOCK_KEY',
  completes: 'file',
};

/** A key of SSH in its place. */
export const SSH_KEY: FlagRow = {
  name: 'ssh-key',
  kind: 'text',
  value: 'FILE',
  summary: 'in place of it a key of SSH, with which ssh-keygen signs: a private key, or the public half of one that an agent or a hardware key holds',
  completes: 'file',
};

/** Who anchors this question. */
export const PIN: FlagRow = { name: 'trust', kind: 'text', value: 'PIN', summary: 'a pin file for this question, in place of those of the configuration', completes: 'file' };

/** No question before something is signed. */
export const YES: FlagRow = { name: 'yes', kind: 'boolean', summary: 'sign without a question' };

/** A policy that is no file of the project. */
export const POLICY: FlagRow = {
  name: 'policy',
  kind: 'text',
  value: 'FILE',
  summary: 'a policy in place of that of the project',
  default: '.trainlock/policy.yaml',
  completes: 'file',
};

/** Who made a change, and so does not approve it; and who that is if nobody is named. */
export const actorFlag = (usual: string): FlagRow => ({ name: 'actor', kind: 'repeatable', value: 'NAME', summary: 'who took part in making the change', default: usual });
