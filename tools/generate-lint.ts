import { ROOMS, type Room } from './rooms.js';

/** Globals that let time, randomness, the environment or I/O into a room. */
const IMPURE_GLOBALS = [
  'Date',
  'performance',
  'process',
  'globalThis',
  'global',
  'crypto',
  'fetch',
  'console',
  'Buffer',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'navigator',
  'localStorage',
  'WebSocket',
  'XMLHttpRequest',
];

const restrictedImports = (room: Room): unknown => {
  const forbidden = ROOMS.filter((other) => other.name !== room.name && !room.imports.includes(other.name)).map((other) => other.name);
  const elsewhere = ROOMS.filter((other) => other.name !== room.name).map((other) => other.name);
  return [
    'error',
    {
      patterns: [
        {
          group: forbidden.flatMap((name) => [`#${name}`, `#${name}/**`]),
          message: `The room '${room.name}' may import only: ${room.imports.join(', ') || 'nothing'}. See tools/rooms.ts.`,
        },
        { group: [`#${room.name}`], message: 'Inside a room, import the file itself, not the door.' },
        { group: elsewhere.flatMap((name) => [`../**/${name}/**`, `../${name}/**`]), message: 'Enter another room through its door (#room), never through a path.' },
        { group: ['**/dist/**', '**/.tools/**'], message: 'Never import what is built.' },
      ],
    },
  ];
};

const overrideOf = (room: Room): unknown => ({
  files: [`src/${room.name}/**/*.ts`],
  rules: {
    'no-restricted-imports': restrictedImports(room),
    ...(room.pure
      ? {
          'import/no-nodejs-modules': 'error',
          'no-restricted-globals': ['error', ...IMPURE_GLOBALS.map((name) => ({ name, message: 'Pure rooms get clock, randomness, environment and I/O as arguments.' }))],
          'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Random values come in as arguments.' }],
        }
      : {}),
  },
});

/** The text of .oxlintrc.json, made from the rooms table. */
export const lintConfiguration = (): string =>
  `${JSON.stringify(
    {
      $schema: './node_modules/oxlint/configuration_schema.json',
      plugins: ['typescript', 'import', 'unicorn'],
      categories: { correctness: 'error' },
      ignorePatterns: ['dist', '.tools', 'node_modules', '.venv', '**/generated/**', 'test/planted-violations'],
      rules: {
        eqeqeq: 'error',
        'no-console': 'off',
        // { left: _, ...rest } is how a member is left out.
        'no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
        'no-control-regex': 'off',
        'no-var': 'error',
        'prefer-const': 'error',
        'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
        'max-lines-per-function': ['warn', { max: 60, skipBlankLines: true, skipComments: true }],
        'max-params': ['warn', { max: 4 }],
        'import/no-cycle': 'error',
        'import/no-default-export': 'error',
        'typescript/no-explicit-any': 'error',
        'typescript/no-floating-promises': 'error',
        'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
        'typescript/consistent-type-imports': 'error',
        'unicorn/filename-case': ['error', { case: 'kebabCase' }],
      },
      overrides: [
        ...ROOMS.map(overrideOf),
        {
          files: ['**/*.test.ts', 'test/**', 'conformance/**'],
          rules: {
            'max-lines-per-function': 'off',
            'max-lines': 'off',
            'max-params': 'off',
            'import/no-nodejs-modules': 'off',
            'no-restricted-globals': 'off',
            'no-restricted-properties': 'off',
          },
        },
        { files: ['*.config.ts', '*.config.mjs'], rules: { 'import/no-default-export': 'off' } },
      ],
    },
    null,
    2,
  )}\n`;
