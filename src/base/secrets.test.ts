import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64, utf8 } from './bytes.ts';
import { withoutCredentials } from './secrets-addresses.ts';
import { redactArguments } from './secrets-arguments.ts';
import { isSecretFile } from './secrets-files.ts';
import { secretValuesOf, secretValuesOfText } from './secrets-known.ts';
import { isSecretName } from './secrets-names.ts';
import { makeMasker, makeScanner, scanBytes } from './secrets-scan.ts';
import { makeRedactor } from './secrets.ts';

const redactor = makeRedactor();

/** Letters and digits that no generator of tokens gave out; different at each call. */
let serial = 0;
const drawn = (length: number, alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'): string => {
  serial += 1;
  let state = serial * 2654435761;
  let text = '';
  while (text.length < length) {
    state = (state * 1103515245 + 12345) % 2147483648;
    text += alphabet[Math.floor(state / 65536) % alphabet.length]!;
  }
  return text;
};
const HEX = '0123456789abcdef';
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ234567';

const STRONG_NAMES = [
  'DB_PASSWORD',
  'MY_SERVICE_APIKEY',
  'PGPASSWORD',
  'MYSQL_PWD',
  'SECRET_KEY_BASE',
  'AWS_SECRET_ACCESS_KEY',
  'WANDB_API_KEY',
  'HF_TOKEN',
  'APP_CLIENT_SECRET',
  'SMTP_PASS',
  'STORAGE_ACCOUNT_KEY',
  'REDIS_PASSWORD',
  'dbPassword',
  'clientSecret',
  'api_key',
  'private-key',
  'spring.datasource.password',
  'auth_token',
];
const STRONG_VALUES = ['hunter2secret', 'S3cr3t-Value!9', 'tr0ub4dor&3x', 'Pa55w0rd#2024xy', 'k9f$QzL1pw', 'correcthorsebattery'];

/** Ways to write an assignment, as they occur in real files. */
const FORMS: Readonly<Record<string, (name: string, value: string) => string>> = {
  dotenv: (name, value) => `A=1\n${name}=${value}\nB=2\n`,
  'dotenv in quotes': (name, value) => `${name}="${value}"\n`,
  'shell export': (name, value) => `export ${name}='${value}'\n`,
  'YAML plain': (name, value) => `db:\n  ${name}: ${value}\n  port: 5432\n`,
  'YAML quoted': (name, value) => `  ${name}: "${value}"  # do not share\n`,
  'YAML block': (name, value) => `${name}: |\n  ${value}\nnext: 1\n`,
  'YAML list of pairs': (name, value) => `env:\n  - ${name}: ${value}\n`,
  JSON: (name, value) => `{"host": "db", "${name}": "${value}", "port": 1}`,
  'JSON inside a string': (name, value) => JSON.stringify(JSON.stringify({ [name]: value })),
  'Python assignment': (name, value) => `import os\n${name.replace(/[-.]/g, '_')} = "${value}"\n`,
  'Python with a type': (name, value) => `${name.replace(/[-.]/g, '_')}: str = '${value}'\n`,
  'Python argument': (name, value) => `connect(host, ${name.replace(/[-.]/g, '_')}="${value}", port=5)\n`,
  'Python dictionary': (name, value) => `config = {'${name}': '${value}'}\n`,
  'Python os.environ': (name, value) => `os.environ["${name}"] = "${value}"\n`,
  'Python setdefault': (name, value) => `os.environ.setdefault("${name}", "${value}")\n`,
  'Python bytes': (name, value) => `${name.replace(/[-.]/g, '_')} = b"${value}"\n`,
  'Python wrapper': (name, value) => `${name.replace(/[-.]/g, '_')} = SecretStr("${value}")\n`,
  TOML: (name, value) => `${name} = "${value}"\n`,
  XML: (name, value) => `<${name}>${value.replace('&', '+')}</${name}>`,
  'patch line': (name, value) => `+++ b/.env.local\n+${name}=${value}\n`,
  'patch of Python': (name, value) => `-x = 1\n+    ${name.replace(/[-.]/g, '_')} = "${value}"\n`,
  Dockerfile: (name, value) => `ENV ${name}=${value}\n`,
  'command line in a log': (name, value) => `running: train.py --${name.replace(/_/g, '-')} "${value}" --epochs 3\n`,
};

describe('an assignment to the name of a secret', () => {
  const cases = Object.entries(FORMS).flatMap(([form, write]) =>
    STRONG_NAMES.flatMap((name, index) => {
      const value = STRONG_VALUES[(index + form.length) % STRONG_VALUES.length]!;
      const text = write(name, value);
      return [{ form, name, text, value: form === 'XML' ? value.replace('&', '+') : value }];
    }),
  );
  test.each(cases)('is masked and found: $form, $name', ({ text, value }) => {
    expect(redactor.redact(text).text).not.toContain(value);
    expect(scanBytes(utf8(text)).kinds).not.toEqual([]);
  });
});

const TOKENS: Readonly<Record<string, () => string>> = {
  'AWS key id': () => `AKIA${drawn(16, UPPER)}`,
  'AWS session key id': () => `ASIA${drawn(16, UPPER)}`,
  'Google API key': () => `AIza${drawn(35)}`,
  'Google OAuth token': () => `ya29.${drawn(60)}`,
  'Google client secret': () => `GOCSPX-${drawn(28)}`,
  'GitHub token': () => `ghp_${drawn(36)}`,
  'GitHub app token': () => `ghs_${drawn(36)}`,
  'GitHub fine-grained token': () => `github_pat_${drawn(22)}_${drawn(59)}`,
  'GitLab token': () => `glpat-${drawn(20)}`,
  'Slack bot token': () => `xoxb-${drawn(11, '123456789')}-${drawn(12, '123456789')}-${drawn(24)}`,
  'Slack webhook': () => `https://hooks.slack.com/services/T${drawn(8, UPPER)}/B${drawn(8, UPPER)}/${drawn(24)}`,
  'Discord webhook': () => `https://discord.com/api/webhooks/${drawn(18, '123456789')}/${drawn(68)}`,
  'Hugging Face token': () => `hf_${drawn(34, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')}`,
  'OpenAI key': () => `sk-${drawn(48)}`,
  'OpenAI project key': () => `sk-proj-${drawn(60)}`,
  'Anthropic key': () => `sk-ant-api03-${drawn(90)}`,
  'Stripe key': () => `sk_live_${drawn(24)}`,
  'npm token': () => `npm_${drawn(36)}`,
  'PyPI token': () => `pypi-AgEIcHlwaS5vcmc${drawn(60)}`,
  'Docker token': () => `dckr_pat_${drawn(27)}`,
  'DigitalOcean token': () => `dop_v1_${drawn(64, HEX)}`,
  'Databricks token': () => `dapi${drawn(32, HEX)}`,
  'SendGrid key': () => `SG.${drawn(22)}.${drawn(43)}`,
  'Vault token': () => `hvs.${drawn(90)}`,
  'Grafana token': () => `glsa_${drawn(32)}_${drawn(8, HEX)}`,
  'Groq key': () => `gsk_${drawn(52)}`,
  'NVIDIA key': () => `nvapi-${drawn(64)}`,
  'age key': () => `AGE-SECRET-KEY-1${drawn(58, UPPER)}`,
  JWT: () => `eyJhbGciOiJIUzI1NiJ9.eyJ${drawn(40)}.${drawn(43)}`,
  'Shopify token': () => `shpat_${drawn(32, HEX)}`,
  'Telegram token': () => `bot${drawn(9, '123456789')}:AA${drawn(33)}`,
};

describe('a token that can be told by its looks', () => {
  const places: Readonly<Record<string, (token: string) => string>> = {
    'alone in a log': (token) => `step 3 loss 0.4 using ${token} now`,
    'in Python': (token) => `client = Client("${token}")\n`,
    'in a URL': (token) => `GET https://api.test/v1?x=1&y=${token}#z`,
    'behind an escaped line feed': (token) => `{"log":"first\\n${token}\\nlast"}`,
    'in a patch': (token) => `@@ -1 +1 @@\n-a\n+${token}\n`,
  };
  const cases = Object.entries(TOKENS).flatMap(([kind, make]) => Object.entries(places).map(([place, write]) => ({ kind, place, token: make(), write })));
  test.each(cases)('is masked and found: $kind, $place', ({ token, write }) => {
    const text = write(token);
    const secret = token.replace(/^https:\/\/|^bot/, '');
    expect(redactor.redact(text).text).not.toContain(secret);
    expect(scanBytes(utf8(text)).kinds).not.toEqual([]);
  });
});

const pem = (kind: string): string => `-----BEGIN ${kind}PRIVATE KEY-----\n${Array.from({ length: 20 }, () => drawn(64)).join('\n')}\n-----END ${kind}PRIVATE KEY-----\n`;

const OTHERS: readonly (readonly [kind: string, text: string, secret: string])[] = [
  ['a password in a URL', 'postgresql://ann:hunter2secret@db.test:5432/x', 'hunter2secret'],
  ['a password with a slash in a URL', 'clone https://ann:hun/ter2secret@git.test/x.git', 'ter2secret'],
  ['a password with an at sign in a URL', 'redis://:p@ss9word@cache.test:6379/0', 'ss9word'],
  ['an encoded password in a URL', 'mongodb+srv://u:p%40ss9word%21@c.test/?retryWrites=true', 'p%40ss9word'],
  ['a token as user of a URL', 'https://a8f5f167f44f4964e6c9@git.test/x', 'a8f5f167f44f4964e6c9'],
  ['a token in a query', 'https://h.test/f?access_token=Zm9vYmFy123&x=1', 'Zm9vYmFy123'],
  ['a key in a query', 'https://h.test/f?a=b&api_key=q8w7e6r5t4', 'q8w7e6r5t4'],
  ['a signature in a query', 'https://b.s3.test/o?X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024', 'fe5f80f77d5fa3beca038a248ff027'],
  ['an Azure SAS', 'https://x.blob.test/c/b?sv=2024&sig=Zm9v%2BYmFyYmF6cXV4Zm9v%3D', 'YmFyYmF6cXV4Zm9v'],
  ['an Azure connection string', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4==;EndpointSuffix=x', 'Zm9vYmFyYmF6cXV4'],
  ['an ODBC connection string', 'Server=db;Database=x;User Id=sa;Password=Str0ngPass;Encrypt=yes', 'Str0ngPass'],
  ['a bearer header', 'Authorization: Bearer 9f8e7d6c5b4a39281706', '9f8e7d6c5b4a39281706'],
  ['a basic header', `authorization: Basic ${toBase64(utf8('ann:hunter2secret'))}`, toBase64(utf8('ann:hunter2secret'))],
  ['a token header', "headers={'Authorization': 'token 9f8e7d6c5b4a39281706'}", '9f8e7d6c5b4a39281706'],
  ['netrc', 'machine api.wandb.ai\n  login user\n  password 9f8e7d6c5b4a39281706\n', '9f8e7d6c5b4a39281706'],
  ['netrc on one line', 'machine h login ann password hunter2secret', 'hunter2secret'],
  ['pypirc', '[pypi]\nusername = __token__\npassword = hunter2secret\n', 'hunter2secret'],
  ['npmrc', '//registry.example.com/:_authToken=9f8e7d6c-5b4a-3928-1706-aabbccddeeff\n', '9f8e7d6c-5b4a-3928'],
  ['docker config', `{"auths":{"r.test":{"auth":"${toBase64(utf8('ann:hunter2secret'))}"}}}`, toBase64(utf8('ann:hunter2secret'))],
  ['curl with a user', 'curl -sS -u ann:hunter2secret https://h.test', 'hunter2secret'],
  ['mysql with a password', 'mysql -uann -phunter2secret db', 'hunter2secret'],
  ['a log line', '2024-01-01 INFO connecting with password=hunter2secret to db', 'hunter2secret'],
  ['a passphrase of words', 'gpg_passphrase: "correct horse battery staple"', 'correct horse battery staple'],
  ['a service account', JSON.stringify({ type: 'service_account', private_key: pem('') }), 'PRIVATE KEY-----\\n'],
  ['an RSA key', pem('RSA '), 'BEGIN'],
  ['an OpenSSH key', pem('OPENSSH '), 'BEGIN'],
  ['an encrypted key', pem('ENCRYPTED '), 'BEGIN'],
  ['a key in Python', `KEY = """${pem('EC ')}"""`, 'BEGIN'],
  ['a key that is cut', pem('').slice(0, 700), 'BEGIN'],
  ['Kubernetes', 'apiVersion: v1\nkind: Secret\ndata:\n  password: aHVudGVyMnNlY3JldA==\n', 'aHVudGVyMnNlY3JldA'],
  ['Java properties', 'spring.datasource.password=hunter2secret\n', 'hunter2secret'],
  ['JavaScript', "const apiKey = '9f8e7d6c5b4a';", '9f8e7d6c5b4a'],
  ['Go', 'password := "hunter2secret"', 'hunter2secret'],
  ['Ruby', ':password => "hunter2secret"', 'hunter2secret'],
  ['Terraform', 'variable "x" {}\n  db_password = "hunter2secret"\n', 'hunter2secret'],
  ['argparse default', 'parser.add_argument("--api-key", default="9f8e7d6c5b4a39281706")', '9f8e7d6c5b4a39281706'],
];

describe('a secret of another form', () => {
  test.each(OTHERS)('is masked and found: %s', (_, text, secret) => {
    expect(redactor.redact(text).text).not.toContain(secret);
    expect(scanBytes(utf8(text)).kinds).not.toEqual([]);
    expect(redactor.redact(text).count).toBeGreaterThan(0);
  });
});

describe('text without a secret', () => {
  test.each([
    'password = os.environ["DB_PASSWORD"]',
    'password = getpass.getpass("Password: ")',
    'password=password, token=token',
    'password: str\ntoken: Optional[str] = None\napi_key: SecretStr\n',
    'DB_PASSWORD=${DB_PASSWORD}\nTOKEN=$TOKEN\nAPI_KEY=<your key>\n',
    'password: "***"\ntoken: changeme\nsecret: your-secret-here\n',
    'tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")',
    'max_tokens=4096, pad_token="<pad>", eos_token_id=50256, num_tokens: 12345678',
    'key_dim = 64; sort_key = "name"; primary_key: id\nkeypoints = "a1b2c3d4e5"',
    'df = df.sort_values(key="column_1"); d["key"] = "value"',
    'PassengerId,Survived\n1,0\nbypass = "filter1234"',
    'https://github.com/org/repo.git git@github.com:org/repo.git http://localhost:8080/x@y',
    'rng = jax.random.PRNGKey(0); key, subkey = jax.random.split(key)',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'commit a8f5f167f44f4964e6c998dee827110c2b0b822c by Ann',
    'SSH_AUTH_SOCK=/run/user/1000/keyring/ssh PWD=/home/ann/project9',
    'f"postgres://{user}:{password}@{host}/{db}"',
    'task-abcdefghijklmnopqrstuvwx risk-12 mask-rcnn_R_50_FPN_3x',
    'the password is required; tokens: 1234',
    'secret_name="prod-db" password_field = "user_password"',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----',
    'if line.startswith("-----BEGIN PRIVATE KEY-----"): pass',
    'layers.0.attn.key.weight: torch.float32 query_key_value.bias 768x768',
  ])('is left alone: %s', (text) => {
    expect(scanBytes(utf8(text)).kinds).toEqual([]);
    expect(redactor.redact(text).text.replace(/:\/\/\*\*\*@/, '://{user}:{password}@')).toBe(text);
  });
});

describe('a secret that is known by value', () => {
  const secret = `p@ss "w/ö rd'9`;
  const known = makeRedactor([secret]);
  test.each([
    ['plain', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in repr of Python', secret.replace(/'/g, "\\'")],
  ])('is masked: %s', (_, written) => {
    const text = `before ${written} after`;
    expect(known.redact(text)).toEqual({ text: 'before *** after', count: 1 });
    expect(scanBytes(utf8(text), known).kinds).toEqual(['known-secret']);
  });
  test('is not masked if it is too short to tell it from other text', () => {
    expect(makeRedactor(['abc']).redact('abc abcd').count).toBe(0);
  });
});

describe('secretValuesOf', () => {
  test('gives values of secret-looking variables, passwords in URLs and tokens inside other values', () => {
    const token = `ghp_${drawn(36)}`;
    const values = secretValuesOf({
      DB_PASSWORD: 'hunter2secret',
      PIP_INDEX_URL: 'https://ann:s3cr3t%21pw@pypi.test/simple',
      NOTE: `use ${token}`,
      TOKENIZERS_PARALLELISM: 'false',
      API_KEY: 'changeme',
      PWD: '/home/ann/project',
      SSH_KEY_PATH: '/home/ann/.ssh/id',
      PASSWORD: 'postgres',
      A_TOKEN: 'short',
    });
    expect(new Set(values)).toEqual(new Set(['hunter2secret', 'ann:s3cr3t%21pw', 's3cr3t%21pw', 's3cr3t!pw', token]));
  });
  test('gives the secrets of a .env file', () => {
    expect(secretValuesOfText('DEBUG=1\nAPP_SECRET=hunter2secret\nURL=redis://:k9fQzL1pw@c/0\n')).toEqual(expect.arrayContaining(['hunter2secret', 'k9fQzL1pw']));
  });
});

describe('redactArguments', () => {
  test.each([
    [
      ['train.py', '--token', 'abc123def'],
      ['train.py', '--token', '***'],
    ],
    [
      ['train.py', '--password=hunter2secret'],
      ['train.py', '--password=***'],
    ],
    [
      ['train.py', '--api-key', 'hunter'],
      ['train.py', '--api-key', '***'],
    ],
    [
      ['env', 'DB_PASSWORD=x9', 'python', 't.py'],
      ['env', 'DB_PASSWORD=***', 'python', 't.py'],
    ],
    [
      ['train.py', 'db.password=hunter2', '+api.key=k9fQzL1pw', 'lr=0.1'],
      ['train.py', 'db.password=***', '+api.key=***', 'lr=0.1'],
    ],
    [
      ['train.py', '--dsn', 'https://ann:hunter2secret@sentry.test/1'],
      ['train.py', '--dsn', '***'],
    ],
    [
      ['train.py', '--url', 'https://ann:hunter2secret@h.test/1?access_token=k9fQzL1pw'],
      ['train.py', '--url', 'https://***@h.test/1?access_token=***'],
    ],
    [
      ['train.py', '--config', '{"password":"hunter2secret"}'],
      ['train.py', '--config', '{"password":"***"}'],
    ],
    [
      ['curl', '-u', 'ann:hunter2secret', 'https://h.test'],
      ['curl', '-u', '***', 'https://h.test'],
    ],
    [
      ['mysql', '-phunter2secret', '-P', '3306'],
      ['mysql', '-p***', '-P', '3306'],
    ],
    [
      ['train.py', '-H', 'Authorization: Bearer 9f8e7d6c5b4a39281706'],
      ['train.py', '-H', 'Authorization: Bearer ***'],
    ],
    [['train.py', '-p', '8080', '--max-tokens', '512', '--tokenizer', 'bert', '--key', 'id.csv', '--seed', '7'], undefined],
    [['train.py', '--use-auth-token', 'data.csv', '--sort-key', 'name', '--n-pass', '3'], undefined],
    [['train.py', '--no-password', '--token'], undefined],
  ] as const)('%j', (argv, expected) => {
    expect(redactArguments(argv, redactor).argv).toEqual(expected ?? argv);
  });
  test('gives the secrets that it found, so that they are masked elsewhere', () => {
    expect(redactArguments(['t', '--token', 'k9fQzL1pw', 'https://a:hunter2secret@h/'], redactor).secrets).toEqual(expect.arrayContaining(['k9fQzL1pw', 'hunter2secret']));
  });
});

describe('names', () => {
  test.each([
    'DB_PASSWORD',
    'MY_SERVICE_APIKEY',
    'api-key',
    'apiKey',
    'HF_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'GH_PAT',
    'GITHUB_PAT',
    'SMTP_PASS',
    'PGPASSWORD',
    'SSHPASS',
    'MYSQL_PWD',
    'STRIPE_KEY',
    'APIKEY2',
    'MYAPPTOKEN',
    'SENTRY_DSN',
    'REDISCLI_AUTH',
    'NPM_CONFIG__AUTH',
    'AZURE_STORAGE_CONNECTION_STRING',
    'client_secret',
    'GOOGLE_CREDENTIALS',
    'SLACK_WEBHOOK',
    'ENCRYPTION_KEY_BASE64',
    'JWT',
    'COOKIE',
    'wandb_api_key',
    'token',
    'password1',
  ])('%s is the name of a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });
  test.each([
    'TOKENIZERS_PARALLELISM',
    'PWD',
    'OLDPWD',
    'PATH',
    'max_tokens',
    'num-tokens',
    'pad_token_id',
    'eos_token',
    'tokenizer',
    'sort_key',
    'primary_key',
    'key_padding_mask',
    'KEYBOARD_LAYOUT',
    'monkey',
    'PassengerId',
    'bypass',
    'n_pass',
    'SSH_AUTH_SOCK',
    'GOOGLE_APPLICATION_CREDENTIALS_FILE',
    'PGPASSFILE',
    'password_length',
    'author',
    'SLURM_JOB_ID',
    'keywords',
    'secretary',
    'compass',
    'OMP_NUM_THREADS',
    'XAUTHORITY',
    '',
  ])('%s is not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
  test.each([
    '.env',
    '.env.local',
    'prod.env',
    'a/b/server.pem',
    'tls.key',
    '/home/a/.ssh/id_rsa',
    'id_ed25519',
    '.netrc',
    '_netrc',
    '.pypirc',
    '.npmrc',
    '.aws/credentials',
    '/root/.aws/config',
    '.config/gcloud/x.json',
    'application_default_credentials.json',
    'kubeconfig',
    '.kube/config',
    'x.p12',
    'x.pfx',
    'release.keystore',
    'a.jks',
    '.git-credentials',
    '.pgpass',
    'secrets.yaml',
    'credentials.json',
    'my-credentials.json',
    'client_secret_1.json',
    'service-account.json',
    'kaggle.json',
    'vault.kdbx',
    'terraform.tfstate',
    '.streamlit/secrets.toml',
    '/run/secrets/db',
    '.docker/config.json',
  ])('%s is a secret file', (path) => {
    expect(isSecretFile(path)).toBe(true);
  });
  test.each([
    'train.py',
    'id_rsa.pub',
    '.env.example',
    '.env.template',
    'environment.yml',
    'keys.py',
    'monkey.csv',
    'tokenizer.json',
    'secret_santa.py',
    'data/key_frames.npz',
    '.envrc.md',
    'model.pt',
    '',
  ])('%s is not', (path) => {
    expect(isSecretFile(path)).toBe(false);
  });
});

test('withoutCredentials keeps the address and drops who logs in', () => {
  expect(withoutCredentials('https://ann:hunter2@git.test/x.git')).toBe('https://git.test/x.git');
  expect(withoutCredentials('https://ghtoken@git.test/x.git')).toBe('https://git.test/x.git');
  expect(withoutCredentials('ssh://git:pw@git.test:22/x')).toBe('ssh://git@git.test:22/x');
  expect(withoutCredentials('git@git.test:org/x.git')).toBe('git@git.test:org/x.git');
  expect(withoutCredentials('https://h.test/x.whl?access_token=k9fQzL1pw#sha256=00')).toBe('https://h.test/x.whl?access_token=***#sha256=00');
});

describe('bytes in pieces', () => {
  const secret = `ghp_${drawn(36)}`;
  const key = pem('RSA ');
  const bytes = utf8(`${'line of a log with ümlauts\n'.repeat(9000)}token ${secret} here\n${key}${'tail\n'.repeat(4000)}`);
  test('the same is found however the bytes are cut', () => {
    for (const size of [7001, 65_536, bytes.length]) {
      const scanner = makeScanner();
      for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
      expect(scanner.end().kinds).toEqual(['github-token', 'private-key']);
    }
  });
  test('masking gives the bytes of masking the whole text, however they are cut', () => {
    const whole = redactor.redact(new TextDecoder().decode(bytes)).text;
    for (const size of [997, 65_536, bytes.length]) {
      const masker = makeMasker(redactor);
      let text = '';
      const decoder = new TextDecoder();
      for (let at = 0; at < bytes.length; at += size) text += decoder.decode(masker.push(bytes.subarray(at, at + size)), { stream: true });
      text += decoder.decode(masker.end());
      expect(text).toBe(whole);
      expect(masker.count()).toBe(2);
    }
  });
  test('a known secret across a cut, and bytes that are no UTF-8, are handled', () => {
    const masker = makeMasker(makeRedactor(['grüne-Ente-77']));
    const parts = [Uint8Array.of(0xff, 0xfe, 0x00), utf8('x'.repeat(70_000)), utf8('grü'), utf8('ne-Ente-77 end'), Uint8Array.of(0xc3)];
    const out = [...parts.map((part) => masker.push(part)), masker.end()];
    const all = out.flatMap((part) => [...part]);
    expect(all.length).toBe(3 + 70_000 + 3 + 4 + 1);
    expect(all.at(-1)).toBe(0xc3);
    expect(masker.count()).toBe(1);
  });
  test('UTF-16 is understood', () => {
    const text = '\ufeffDB_PASSWORD=hunter2secret\r\n';
    const utf16 = Uint8Array.from(text.split('').flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]));
    expect(scanBytes(utf16).kinds).toEqual(['assigned-secret']);
  });
});

describe('text made of the pieces of secrets', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('password=', '"token": "', '://', 'https://', '@', '-----BEGIN PRIVATE KEY-----', 'sk-', 'hunter2secret', '"', '\n', 'Bearer ', 'eyJ', '?sig='),
  );
  const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(''));
  const known = makeRedactor(['hunter2secret']);
  test('masking comes to rest at the second time', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(redactor, known), (whole, one) => {
        const twice = one.redact(one.redact(whole).text).text;
        expect(one.redact(twice).text).toBe(twice);
      }),
    );
  });
  test('a secret that is known by value is never left', () => {
    fc.assert(
      fc.property(text, (whole) => {
        expect(known.redact(whole).text).not.toContain('hunter2secret');
      }),
    );
  });
  test('who logs in to a URL is never left', () => {
    fc.assert(
      fc.property(text, text, (before, behind) => {
        expect(redactor.redact(`${before} https://hunter2secret@db.test${behind}`).text).not.toContain('hunter2secret@db.test');
      }),
    );
  });
  // Without a scheme it is an address of mail, unless its parts are known.
  test.each([
    ['hunter2secret@hunter2secret', 'hunter2secret@hunter2secret', '***@***'],
    ['https://hunter2secret@hunter2secret', 'https://***@hunter2secret', 'https://***@***'],
  ])('%s', (whole, unknown, masked) => {
    expect(redactor.redact(whole).text).toBe(unknown);
    expect(known.redact(whole).text).toBe(masked);
  });
});

describe('megabytes of hostile text', () => {
  const hostile = [
    'password',
    'password=',
    'key="',
    "token='",
    'a.a-',
    '://',
    'http://a:b',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----AAAAAAAAAAAAAAAAA!',
    'eyJ',
    'eyJ-',
    'eyJaaaaaaaaa.',
    'key-',
    'sk-',
    'sk-ant-',
    'xoxb-',
    'Bearer ',
    'Basic AAAA',
    '?sig=',
    ' -u a:',
    ' -p',
    '<key>',
    'secret: |\n',
    'SecretStr(',
    '\\"',
    'login a password ',
    'AKIA',
    'password: ',
    'api_key=api_key=',
    'Authorization: Token ',
    '@',
    ' ',
    '\n',
    'x',
    'passwordpassword_',
    'a://b:c/',
  ];
  test.each(hostile)('is read in linear time: %j', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const started = performance.now();
    scanBytes(utf8(text));
    expect(performance.now() - started).toBeLessThan(3000);
  });
  test('10 MB of a mixture take ten times as long as 1 MB', () => {
    const text = hostile.join('').repeat(Math.ceil(10_000_000 / hostile.join('').length));
    const started = performance.now();
    scanBytes(utf8(text));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
