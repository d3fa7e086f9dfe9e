import { fromBase64, fromUtf8 } from './bytes.ts';
import { isJumbled, isPlaceholder, isWordy, looksRandom } from './secrets-values.ts';

/** A format of tokens that can be told by its looks. Every quantifier is bounded, so that a test costs constant time. */
type TokenFormat = {
  readonly kind: string;
  /** What the token begins with, as a pattern. */
  readonly prefix: string;
  /** What follows the prefix. */
  readonly rest: string;
  /** A last look at the token. */
  readonly accept?: (token: string) => boolean;
  /** Which group is the secret; the whole match if absent. */
  readonly group?: 1;
  /** No hyphen before it either: what follows may hold hyphens, and two tries on the same text would not be linear. */
  readonly alone?: true;
};

/**
 * Formats of well-known tokens.
 * Source: the token formats that the issuers publish, as collected by GitHub secret scanning and gitleaks (config/gitleaks.toml).
 */
const FORMATS: readonly TokenFormat[] = [
  {
    kind: 'aws-key',
    prefix: '(?:A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA|ABIA|ACCA)',
    rest: '[A-Z0-9]{12,16}(?![A-Za-z0-9+/=])',
    accept: (token) => token.length === 20,
  },
  { kind: 'google-key', prefix: 'AIza', rest: '[0-9A-Za-z_-]{35}' },
  { kind: 'google-token', prefix: 'ya29\\.', rest: '[0-9A-Za-z_-]{20,2048}' },
  { kind: 'google-secret', prefix: 'GOCSPX-', rest: '[0-9A-Za-z_-]{20,64}' },
  { kind: 'github-token', prefix: 'gh[pousr]_', rest: '[A-Za-z0-9]{30,255}' },
  { kind: 'github-token', prefix: 'github_pat_', rest: '[A-Za-z0-9_]{22,255}' },
  { kind: 'gitlab-token', prefix: 'gl(?:pat|dt|rt|cbt|ptt|ft|imt|soat|oas|agent|ffct)-', rest: '[0-9A-Za-z_.-]{16,255}' },
  { kind: 'slack-token', prefix: 'xox[a-z](?:\\.xox[a-z])?-', rest: '[0-9A-Za-z-]{10,255}' },
  { kind: 'slack-token', prefix: 'xapp-', rest: '[0-9]-[0-9A-Za-z-]{20,255}' },
  { kind: 'webhook', prefix: 'hooks\\.slack\\.com/(?:services|workflows|triggers)/', rest: '[A-Za-z0-9+/_-]{20,128}' },
  { kind: 'webhook', prefix: 'discord(?:app)?\\.com/api/webhooks/', rest: '[0-9]{15,25}/[\\w-]{40,100}' },
  { kind: 'hugging-face-token', prefix: '(?:hf_|api_org_)', rest: '[A-Za-z0-9]{30,64}(?![A-Za-z0-9_])' },
  { kind: 'api-key', prefix: 'sk-(?:proj|ant|svcacct|admin|or|lf)-', rest: '[A-Za-z0-9_-]{20,512}' },
  { kind: 'api-key', prefix: 'sk-', rest: '[A-Za-z0-9_]{20,512}', accept: looksRandom },
  { kind: 'api-key', prefix: '(?:gsk_|nvapi-|pplx-|r8_|xai-|fw_|tvly-|lsv2_(?:pt|sk)_|csk-|together_)', rest: '[A-Za-z0-9_-]{24,255}', accept: looksRandom, alone: true },
  { kind: 'stripe-key', prefix: '[rs]k_(?:live|test|prod)_', rest: '[0-9A-Za-z]{10,255}' },
  { kind: 'stripe-key', prefix: 'whsec_', rest: '[0-9A-Za-z+/=]{20,255}' },
  { kind: 'npm-token', prefix: 'npm_', rest: '[A-Za-z0-9]{36}(?![A-Za-z0-9])' },
  { kind: 'pypi-token', prefix: 'pypi-', rest: 'A[A-Za-z0-9_-]{40,512}' },
  {
    kind: 'api-key',
    prefix:
      '(?:rubygems_|dckr_pat_|dckr_oat_|shp(?:at|ca|pa|ss)_|dop_v1_|doo_v1_|glsa_|glc_|lin_api_|sntry[su]_|sbp_|atp_|figd_|ntn_|PMAK-|NRAK-|tskey-[a-z]{2,10}-|hvs\\.|hvb\\.|dp\\.pt\\.|EAACEdEose0cBA|ops_eyJ)',
    rest: '[A-Za-z0-9_-]{24,512}',
    accept: (token) => /[0-9]/.test(token.slice(-24)) && !isWordy(token),
    alone: true,
  },
  { kind: 'api-key', prefix: '(?:secret_|pul-|key-)', rest: '[A-Za-z0-9_-]{24,512}', accept: looksRandom, alone: true },
  { kind: 'api-key', prefix: '(?:ATATT3|ATCTT3|ATBB)', rest: '[A-Za-z0-9_=-]{24,512}' },
  { kind: 'databricks-token', prefix: 'dapi', rest: '[a-f0-9]{32}(?:-\\d)?(?![a-f0-9])' },
  { kind: 'sendgrid-key', prefix: 'SG\\.', rest: '[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,128}' },
  { kind: 'square-token', prefix: 'sq0[a-z]{3}-', rest: '[0-9A-Za-z_-]{22,64}' },
  { kind: 'age-key', prefix: 'AGE-SECRET-KEY-1', rest: '[0-9A-Z]{58}' },
  {
    kind: 'jwt',
    prefix: 'eyJ',
    rest: '[\\w-]{8,2048}\\.[\\w-]{8,8192}\\.[\\w-]{16,4096}',
    alone: true,
  },
  { kind: 'azure-secret', prefix: '(?:AccountKey|SharedAccessKey|SharedAccessSignature|SharedSecretValue)=', rest: '([A-Za-z0-9+/%=&;._-]{16,512})', group: 1 },
  {
    kind: 'signed-url',
    prefix: '[?&;](?:sig|X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature|Signature|AWSAccessKeyId|code|se_token)=',
    rest: '([A-Za-z0-9+/%=_.-]{16,2048})',
    group: 1,
  },
  {
    kind: 'authorization',
    prefix: '[Bb]earer[ \\t]{1,4}',
    rest: '([A-Za-z0-9+/_.~=-]{16,4096})',
    group: 1,
    accept: (token) => isJumbled(token) || (/[0-9]/.test(token) && !isPlaceholder(token) && !/^[A-Za-z]+(?:[._-][A-Za-z]+)*$/.test(token)),
  },
  { kind: 'authorization', prefix: '[Bb]asic[ \\t]{1,4}', rest: '([A-Za-z0-9+/]{8,1024}={0,2})', group: 1, accept: (token) => isUserAndPassword(token) },
  {
    kind: 'authorization',
    prefix: '(?:[Aa]uthorization|AUTHORIZATION)["\']?[ \\t]{0,4}[:=][ \\t]{0,4}["\']?(?:[Bb]earer|[Tt]oken|[Aa]pi[Kk]ey|[Kk]ey|[Bb]ot|Splunk|GenieKey)[ \\t]{1,4}',
    rest: '([A-Za-z0-9+/_.~=:-]{8,4096})',
    group: 1,
    accept: (token) => !isPlaceholder(token),
  },
  { kind: 'telegram-token', prefix: 'bot', rest: '([0-9]{8,10}:AA[\\w-]{33})', group: 1 },
];

const isUserAndPassword = (token: string): boolean => {
  const bytes = fromBase64(token.padEnd(Math.ceil(token.length / 4) * 4, '='));
  const text = bytes === undefined ? undefined : fromUtf8(bytes);
  return text !== undefined && /^[\x20-\x7e]{1,200}:[\x20-\x7e]{1,500}$/.test(text);
};

/** Letters with which a prefix can begin: (?:ab|[cd]e) gives a, c, d. */
const firstLetters = (prefix: string): readonly string[] =>
  (/^\(\?:(.*)\)/.exec(prefix)?.[1] ?? prefix).split('|').flatMap((one) => (one.startsWith('[') ? one.slice(1, one.indexOf(']')).split('') : [one[0]!]));

type Compiled = {
  /** Formats by the letter with which they begin. */
  readonly byLetter: ReadonlyMap<string, readonly (TokenFormat & { readonly pattern: RegExp })[]>;
  /** Where any token may begin. */
  readonly anchor: RegExp;
};

/** Not in the middle of a word; behind \n, \r or \t as written in source code it is no middle either. */
const WORD_START = '(?<![A-Za-z0-9_](?<!\\\\[nrt]))';

const compile = (): Compiled => {
  const byLetter = new Map<string, (TokenFormat & { readonly pattern: RegExp })[]>();
  for (const format of FORMATS) {
    const compiled = { ...format, pattern: new RegExp(format.prefix + format.rest, 'y') };
    for (const letter of firstLetters(format.prefix)) byLetter.set(letter, [...(byLetter.get(letter) ?? []), compiled]);
  }
  const starts = FORMATS.map((format) => (format.prefix.startsWith('[?') ? '' : format.alone === true ? `${WORD_START}(?<!-)` : WORD_START) + format.prefix);
  return { byLetter, anchor: new RegExp(starts.join('|'), 'g') };
};

let compiled: Compiled | undefined;

/** Made when a text is first looked at: most commands never do, and all would wait. */
const formats = (): Compiled => (compiled ??= compile());

export type SecretHit = {
  /** Kind of the secret, for example aws-key. */
  readonly kind: string;
  /** First character of what must be masked. */
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
  /** Whether it is certain enough to withhold a whole file; else it is only masked. */
  readonly sure: boolean;
};

/** Tokens that can be told by their looks. The text is hostile: time is linear in its length. */
export const findTokens = (text: string): readonly SecretHit[] => {
  const hits: SecretHit[] = [];
  const { anchor } = formats();
  anchor.lastIndex = 0;
  for (let match = anchor.exec(text); match !== null; match = anchor.exec(text)) {
    const hit = tokenAt(text, match.index);
    if (hit !== undefined) hits.push(hit);
    anchor.lastIndex = Math.max(hit?.end ?? match.index + 1, match.index + 1);
  }
  return hits;
};

const tokenAt = (text: string, at: number): SecretHit | undefined => {
  for (const format of formats().byLetter.get(text[at]!) ?? []) {
    if (format.alone === true && text[at - 1] === '-') continue;
    format.pattern.lastIndex = at;
    const match = format.pattern.exec(text);
    if (match === null) continue;
    const token = match[format.group ?? 0]!;
    if (format.accept !== undefined && !format.accept(token)) continue;
    const end = at + match[0].length;
    return { kind: format.kind, start: end - token.length, end, sure: true };
  }
  return undefined;
};
