import { accepted, escapeControl, fromBase64, type JsonLimits, JSON_LIMITS, type JsonValue, readJson, type Reading, rejected } from '#base';

/**
 * What an OIDC token says of itself. It is read and not believed: whether its issuer signed it is checked by whoever gives a certificate
 * for it. What is known before saves a secret from being sent where it is worth nothing.
 */
export type IdentityToken = {
  /** The token as it is sent. A secret: it never stands in a message. */
  readonly text: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** What the holder of a key signs to prove that it has both: the address of e-mail where one is verified, else the subject. */
  readonly subject: string;
  /** Unit: second since 1970. */
  readonly expiresAt: number;
  /** Unit: second since 1970; absent where the token counts at once. */
  readonly notBefore?: number;
};

const LIMITS: JsonLimits = { ...JSON_LIMITS, maxBytes: 64 * 1024, maxDepth: 8, maxKeys: 1000 };

/** Source: RFC 7519 §3, RFC 7515 §7.1. */
const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Reads an OIDC token (a JWT) from untrusted text: three parts of base64url, a signature that is not "none", and issuer, audience, subject
 * and end. What is wrong is told without a letter of the token. Never throws. Source: RFC 7519 §4.1, OpenID Connect Core §2.
 */
export const readIdentityToken = (text: string): Reading<IdentityToken> => {
  if (text.length > 64 * 1024 || !JWT.test(text)) return wrong('is not a JWT (three parts in base64url, with dots between)');
  const [header, claims] = text.split('.').slice(0, 2).map(objectIn) as [JsonObject | undefined, JsonObject | undefined];
  if (header === undefined || claims === undefined) return wrong('does not hold JSON objects');
  const algorithm = header['alg'];
  if (typeof algorithm !== 'string' || algorithm.toLowerCase() === 'none') return wrong('is not signed');
  const { iss: issuer, aud: audience, exp: expiresAt, nbf: notBefore } = claims;
  const subject = claims['email_verified'] === true && typeof claims['email'] === 'string' ? claims['email'] : claims['sub'];
  const audiences = typeof audience === 'string' ? [audience] : Array.isArray(audience) ? audience : [];
  if (!isText(issuer)) return wrong('does not say who issued it (iss)');
  if (!isText(subject)) return wrong('does not say whom it is about (sub)');
  if (audiences.length === 0 || !audiences.every(isText)) return wrong('does not say for whom it is (aud)');
  if (typeof expiresAt !== 'number' || !(expiresAt > 0)) return wrong('does not say how long it counts (exp)');
  if (notBefore !== undefined && typeof notBefore !== 'number') return wrong('does not say from when on it counts (nbf)');
  return accepted({ text, issuer, audiences, subject, expiresAt, ...(notBefore === undefined ? {} : { notBefore }) });
};

type JsonObject = Readonly<Record<string, JsonValue>>;

const wrong = (what: string): Reading<never> => rejected({ pointer: '', message: `the identity token ${what}` });
const isText = (value: JsonValue | undefined): value is string => typeof value === 'string' && value !== '' && value.length <= 2048;

const objectIn = (part: string): JsonObject | undefined => {
  const standard = part.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='));
  const json = bytes === undefined ? undefined : readJson(bytes, LIMITS);
  const value = json?.kind === 'accepted' ? json.value : undefined;
  return value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : undefined;
};

/** What a token must be good for. */
export type TokenDemand = {
  /** The service that must be its audience. */
  readonly audience: string;
  /** The only issuer that is meant, where a person has named one. */
  readonly issuer?: string;
  /** Unit: millisecond since 1970. */
  readonly nowMs: number;
};

/** Clocks that differ by less are common. Unit: second. */
const TOLERATED_SECONDS = 30;

/** Why a token must not be used for a signature; undefined if nothing stands in the way. One sentence for people. */
export const tokenProblem = ({ issuer, audiences, expiresAt, notBefore }: IdentityToken, demand: TokenDemand): string | undefined => {
  const nowSeconds = Math.floor(demand.nowMs / 1000);
  if (!audiences.includes(demand.audience)) return escapeControl(`the identity token is for ${audiences.join(', ')}, not for ${demand.audience}`);
  if (demand.issuer !== undefined && issuer !== demand.issuer) return escapeControl(`the identity token is issued by ${issuer}, not by ${demand.issuer}`);
  if (nowSeconds >= expiresAt) return `the identity token has expired at ${timeText(expiresAt)}`;
  if (notBefore !== undefined && nowSeconds + TOLERATED_SECONDS < notBefore) return `the identity token counts only from ${timeText(notBefore)} on`;
  return undefined;
};

const timeText = (seconds: number): string => (seconds > 253_402_300_799 ? `second ${seconds}` : new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z'));
