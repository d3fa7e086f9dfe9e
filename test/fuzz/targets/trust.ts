import { canonicalJson, toBase64, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { acceptTrust, compareTimes, followTrust, isTime, pinOf, readTrust, readTrustEnvelope, readTrustPin, trustStanding, writeTrustEnvelope, writeTrustPin } from '#trust';
import { readVersion } from '../../../src/flows/trust-file/trust-document.ts';
import { valueOf } from '../../fixtures/log-keys.ts';
import { anyText, demand, demandBytes, demandSame, kindOfMessage, readingTarget, type Target } from '../engine/target.ts';
import { fixedTrust, json, trustBytes } from '../seeds/documents.ts';

const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature };
const PAYLOAD = canonicalJson(fixedTrust());
const PIN = pinOf(valueOf(readTrust(PAYLOAD, nodeCrypto)), 'project');
const NOW = '2026-06-01T00:00:00Z';

const envelope: Target = readingTarget('trust-envelope', 'json', {
  seeds: () => [trustBytes()],
  read: readTrustEnvelope,
  holds: (value) => demandSame(readTrustEnvelope(writeTrustEnvelope(value)), { kind: 'accepted', value }, 'the envelope is another when it is written again'),
});

const trust: Target = readingTarget('trust', 'json', {
  seeds: () => [PAYLOAD, json(JSON.parse(Buffer.from(PAYLOAD).toString()))],
  read: (bytes) => readTrust(bytes, nodeCrypto),
  holds: (value, bytes) => {
    demand(value.threshold <= value.roots.length && value.threshold >= 1, 'a threshold that nobody can reach, or that nobody needs');
    const again = readTrust(canonicalJson(JSON.parse(Buffer.from(bytes).toString('utf8'))), nodeCrypto);
    demand(again.kind === 'accepted', 'the canonical form of a trust document is refused');
    if (again.kind === 'accepted') demandSame({ ...again.value, sha256: '' }, { ...value, sha256: '' }, 'the canonical form of a trust document is another');
  },
});

const pin: Target = readingTarget('trust-pin', 'json', {
  seeds: () => [writeTrustPin(PIN)],
  read: (bytes) => readTrustPin(bytes, nodeCrypto),
  holds: (value) => demandSame(readTrustPin(writeTrustPin(value), nodeCrypto), { kind: 'accepted', value }, 'the pin is another when it is written again'),
});

/** A trust file that was changed is never the one of the pinned roots. */
const offer: Target = {
  name: 'trust-offer',
  grammar: 'json',
  seeds: () => [trustBytes(), json({ payloadType: 'application/vnd.in-toto+json', payload: toBase64(PAYLOAD), signatures: [] })],
  run: (bytes) => {
    const answer = acceptTrust({ pin: PIN, offered: bytes, now: NOW }, ports);
    const read = readVersion(bytes);
    if (answer.kind === 'accepted') {
      demand(answer.trust.sha256 === PIN.lastSeen?.sha256, 'a trust file counts that the roots did not sign');
      demand(read.kind === 'read', 'a trust file counts that cannot be read');
      demandBytes(read.kind === 'read' ? read.envelope.payload : utf8(''), PAYLOAD, 'a trust file counts with another document');
    }
    const standing = trustStanding({ pin: PIN, chain: [bytes, bytes], now: NOW }, ports);
    demandSame(followTrust(PIN, [bytes, bytes], NOW, ports), standing, 'the chain stands in two ways');
    return `${answer.kind} ${answer.kind === 'refused' ? `${answer.refusal} ${kindOfMessage(answer.because)}` : ''} ${standing.kind}`;
  },
};

const time: Target = {
  name: 'time',
  grammar: 'bytes',
  seeds: () => ['2026-11-26T11:06:19Z', '2024-02-29T23:59:59.123456789Z', '2023-02-29T00:00:00Z', '2026-11-26T24:00:00Z', '0000-01-01T00:00:00Z'].map(utf8),
  run: (bytes) => {
    const text = anyText(bytes);
    if (!isTime(text)) return 'refused';
    const ms = Date.parse(text.replace(/\.(\d{1,3})\d*Z/, '.$1Z'));
    demand(!Number.isNaN(ms), 'Date reads no moment');
    demand(compareTimes(text, text) === 0 && Math.sign(compareTimes(text, NOW)) * Math.sign(ms - Date.parse(NOW)) >= 0, 'two moments have another order');
    return 'time';
  },
};

export const TRUSTS: readonly Target[] = [envelope, trust, pin, offer, time];
