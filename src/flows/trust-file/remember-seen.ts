import { realpath } from 'node:fs/promises';
import { compareBytes } from '#base';
import { nodeCrypto, readBounded, writeAtomic } from '#files';
import { pinOf, readTrustPin, type Trust, writeTrustPin } from '#trust';
import type { PinHere } from './trust-places.ts';

/**
 * Remembers in a pin of the configuration that a newer version was accepted, so that an older one is refused from now on; the pinned
 * roots become those of that version, to which the old ones have led. Best effort: a configuration that can only be read costs nobody
 * an answer. A file that was named for one question is left as it is.
 */
export const rememberSeen = async ({ of, path, pin }: PinHere, trust: Trust): Promise<void> => {
  if (of === 'question' || trust.version <= (pin.lastSeen?.version ?? 0)) return;
  try {
    // A link stays a link. Another process may have pinned other roots meanwhile, or seen a newer version.
    const target = await realpath(path);
    const now = readTrustPin(await readBounded(target, 2 * 1024 * 1024), nodeCrypto);
    if (now.kind === 'rejected' || compareBytes(writeTrustPin(now.value), writeTrustPin(pin)) !== 0) return;
    await writeAtomic(target, writeTrustPin(pinOf(trust, pin.name)), 0o644);
  } catch {
    return;
  }
};
