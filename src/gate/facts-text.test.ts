import { describe, expect, it } from 'vitest';
import { GATE_FACTS } from '../../test/fixtures/gate-facts.ts';
import { factsText } from './facts-text.ts';

describe('the text of everything that was judged', () => {
  const facts = { ...GATE_FACTS, reference: 'a\u001b[2Jb\u202e' };

  it('is JSON of it, on many lines, in which nothing moves the cursor', () => {
    const text = factsText(facts);
    expect(text.split('\n').length).toBeGreaterThan(20);
    expect(text).toMatch(/^\{\n  "reference": "a/);
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(JSON.parse(factsText(GATE_FACTS))).toEqual(GATE_FACTS);
  });
});
