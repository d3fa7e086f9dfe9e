import type { Target } from './engine/target.ts';
import { BASE } from './targets/base.ts';
import { DIGESTS } from './targets/digest.ts';
import { DOCUMENTS } from './targets/documents.ts';
import { EDGES } from './targets/edges.ts';
import { GATES } from './targets/gate.ts';
import { HISTORIES } from './targets/history.ts';
import { KEYS } from './targets/keys.ts';
import { LOGS } from './targets/log.ts';
import { POLICIES } from './targets/policy.ts';
import { REPORTS } from './targets/reports.ts';
import { SEALS } from './targets/seal.ts';
import { TRUSTS } from './targets/trust.ts';

export const TARGETS: readonly Target[] = [...BASE, ...DOCUMENTS, ...DIGESTS, ...SEALS, ...TRUSTS, ...POLICIES, ...HISTORIES, ...GATES, ...REPORTS, ...LOGS, ...KEYS, ...EDGES];
