import { escapeControl } from '#base';
import type { GateFacts } from './gate-facts.ts';

/** Everything that was judged, as `gate --explain` prints it. Its digest names an answer of the gate: whoever has these bytes can judge them again. */
export const factsText = (facts: GateFacts): string => escapeControl(JSON.stringify(facts, null, 2), true);
