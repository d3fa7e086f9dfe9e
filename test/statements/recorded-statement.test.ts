import { describe, expect, it } from 'vitest';
import { statementOf } from '#assembly';
import type { Manifest } from '#manifest';
import { agreeWithManifest, slsaProvenance, trainingRunStatement } from '#statements';
import { trainingManifest } from '../fixtures/training-manifest.ts';
import { testCrypto } from '../fixtures/training-run.ts';

describe('the statement that a recording writes', () => {
  it.each<[string, Manifest]>([
    ['with outputs', trainingManifest()],
    ['without outputs', trainingManifest({ outputs: [] })],
    [
      'with more outputs than subjects are allowed',
      trainingManifest({ outputs: Array.from({ length: 1100 }, (_, at) => ({ path: `f${at}`, role: 'other' as const, sha256: 'a'.repeat(64) })) }),
    ],
  ])('may be signed, and what is derived from it agrees: %s', (_, manifest) => {
    const { bytes, sha256 } = statementOf(manifest, testCrypto);
    const reading = trainingRunStatement(bytes, testCrypto);
    if (reading.kind === 'refused') throw new Error(reading.because);
    expect(reading.value.sha256).toBe(sha256);
    expect(agreeWithManifest(slsaProvenance(reading.value, testCrypto).payload, reading.value, testCrypto)).toEqual({ kind: 'agrees' });
  });
});
