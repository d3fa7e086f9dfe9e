import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vectorsOf } from '../../../conformance/foreign-vectors.ts';

/** Files of a foreign suite, so far as it is at hand, sorted by name; only small ones. */
export const foreignFiles = (suite: string, under: string, fits: RegExp, most = 40): readonly Uint8Array[] => {
  const folder = vectorsOf(suite);
  if (folder === undefined) return [];
  const names = readdirSync(join(folder, under), { recursive: true, encoding: 'utf8' })
    .filter((name) => fits.test(name))
    .sort();
  return names
    .map((name) => Uint8Array.from(readFileSync(join(folder, under, name))))
    .filter(({ length }) => length <= 16 * 1024)
    .slice(0, most);
};

/** Bundles of sigstore-conformance. */
export const foreignBundles = (): readonly Uint8Array[] => foreignFiles('sigstore-conformance', 'test/assets/bundle-verify', /bundle\.sigstore\.json$/, 30);

/** Texts in base64 at these names, anywhere in foreign bundles and roots. */
export const foreignDer = (name: 'rawBytes' | 'signedTimestamp'): readonly Uint8Array[] => {
  const texts = [...foreignBundles(), ...foreignFiles('sigstore-conformance', 'test/assets', /trusted_root.*\.json$/, 4)].map((bytes) => Buffer.from(bytes).toString('utf8'));
  const found = new Set(texts.flatMap((text) => [...text.matchAll(new RegExp(`"${name}"\\s*:\\s*"([A-Za-z0-9+/=]+)"`, 'g'))].map((match) => match[1]!)));
  return [...found].slice(0, 24).map((text) => Uint8Array.from(Buffer.from(text, 'base64')));
};
