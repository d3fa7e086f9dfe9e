import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compareManifests } from '#diff';
import { runAnswers } from '#evidence';
import type { Manifest } from '#manifest';
import { caseFacts, replayFact } from '../../test/fixtures/case-facts.ts';
import { edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { HTML_STYLE, HTML_STYLE_SHA256 } from './html-style.ts';
import { renderComparisonReport, renderRunReport } from './index.ts';

const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&\u202e\u001b[31m</style>-->`;

/** Every text of a manifest that people or programs may choose. */
const hostile = (): Manifest =>
  edited(trainingManifest(), {
    '/run/name': HOSTILE,
    '/run/purpose': HOSTILE,
    '/run/command': [HOSTILE],
    '/run/participant/name': HOSTILE,
    '/model': { name: HOSTILE, owner: HOSTILE, tier: HOSTILE, intendedUse: HOSTILE, limitations: [HOSTILE] },
    '/randomness/why': HOSTILE,
    '/data/0/name': HOSTILE,
    '/capture/gaps': [{ about: '/data', reason: HOSTILE }],
  });

const viewOf = (manifest: Manifest, before?: Manifest): Parameters<typeof renderRunReport>[0] => {
  const facts = caseFacts({ manifest, replays: [replayFact()] });
  const run = { runId: 'one', manifestSha256: 'a'.repeat(64), name: HOSTILE };
  return {
    facts,
    answers: runAnswers(facts),
    baseline: before === undefined ? { kind: 'none', because: 'the project has no policy' } : { kind: 'run', run, how: 'named', comparison: compareManifests([before, manifest]) },
  };
};

describe('an HTML page', () => {
  it('allows nothing but its own style, by its digest', () => {
    expect(HTML_STYLE_SHA256).toBe(createHash('sha256').update(HTML_STYLE).digest('base64'));
    const page = renderRunReport(viewOf(trainingManifest()), { format: 'html' });
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${HTML_STYLE_SHA256}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`);
    expect(page).toContain(`<style>${HTML_STYLE}</style>`);
    expect(HTML_STYLE).not.toMatch(/url\(|@import|https?:/);
  });

  it.each([
    ['a report', renderRunReport(viewOf(hostile(), trainingManifest()), { format: 'html' })],
    ['a comparison', renderComparisonReport(compareManifests([trainingManifest(), hostile()]), { format: 'html', all: true })],
  ])('holds no script, no address and no element of recorded text: %s', (_, page) => {
    expect(page).not.toMatch(/<(script|img|iframe|object|link|a|form|svg)\b/i);
    expect(page).not.toMatch(/\s(on\w+|href|src|style)=["']/i);
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('gives each answer as a word, with a sign that readers of screens leave out', () => {
    const page = renderRunReport(viewOf(trainingManifest()), { format: 'html' });
    expect(
      [...page.matchAll(/<span class="word (good|bad|open|faint)"\s*><span aria-hidden="true">(.) <\/span>([a-z ]+)<\/span\s*>/g)].map(
        ([, tone, icon, word]) => `${tone} ${icon} ${word}`,
      ),
    ).toEqual(['good ✓ yes', 'good ✓ yes', 'good ✓ yes', 'good ✓ yes', 'faint – not checked', 'faint – not checked']);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  });
});

describe('the report of a run', () => {
  it('never guesses what nobody declared', () => {
    const page = renderRunReport(viewOf(edited(trainingManifest(), { '/model': undefined, '/run/purpose': undefined, '/randomness/why': undefined })), { format: 'text' });
    for (const row of ['what', 'why these', 'for', 'limits', 'owner']) expect(page).toMatch(new RegExp(`^${row} +not provided$`, 'm'));
    expect(page).toMatch(/^why +not said$/m);
    expect(page).toMatch(/^against +none: the project has no policy$/m);
  });

  it('says in Markdown what it says in text', () => {
    const page = renderRunReport(viewOf(trainingManifest(), trainingManifest()), { format: 'md' });
    expect(page).toContain('| **signed** | yes |');
    expect(page).toContain('everything that decides a result is recorded and equal');
  });

  it('cuts nothing of a text in a file, and long texts on the terminal and on the sheet', () => {
    const reason = `${'because '.repeat(40)}end`;
    const view = viewOf(edited(trainingManifest(), { '/capture/gaps': Array.from({ length: 9 }, (_, i) => ({ about: `/gap/${i}`, reason })) }));
    const found = (options: Parameters<typeof renderRunReport>[1]): number => renderRunReport(view, options).split('because end').length - 1;
    expect(found({ format: 'text', isWhole: true })).toBe(9);
    expect(found({ format: 'md', isWhole: true })).toBe(9);
    expect([found({ format: 'text' }), found({ format: 'html', isWhole: true })]).toEqual([0, 0]);
  });
});
