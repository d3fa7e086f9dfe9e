import type { Gap, Probe } from '#assembly';

/** What a probe that saw nothing leaves open, and why. */
export const gapsOf = (about: string, probe: Probe<unknown>): readonly Gap[] =>
  probe.kind === 'seen' ? [] : [{ about, reason: probe.reason, ...(probe.remedy === undefined ? {} : { remedy: probe.remedy }) }];
