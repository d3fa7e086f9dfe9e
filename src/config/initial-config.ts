/** What was found in a project that has no configuration yet. Paths are relative to the project, with slashes. */
export type Detected = {
  readonly data: readonly { readonly name: string; readonly path: string; readonly role?: 'train' | 'validation' | 'test' }[];
  readonly metrics: readonly { readonly name: string; readonly file: string; readonly pointer: string; readonly direction?: 'higher' | 'lower' }[];
  readonly outputs: readonly { readonly name: string; readonly path: string; readonly role: 'model' | 'checkpoint' | 'figure' }[];
};

/**
 * Text of a first trainlock.yaml: what was found is declared, the rest stands there as a comment that shows how to say it.
 * The text is accepted by readConfig.
 */
export const initialConfig = ({ data, metrics, outputs }: Detected): string => `# What people know about this project and no recorder can see. Every key is optional.
# Every key is described in the reference page "configuration" of trainlock.
version: 0

${section('data', 'Data sets: where they lie and what they are used for.', data.map(dataEntry), ['train:', '  path: data/train', '  role: train # or validation, test, reference, pretrained', '  licence: CC-BY-4.0', '  origin: https://example.com/data'])}

${section('metrics', 'Metrics: where they are found, which way is better, which difference counts as the same.', metrics.map(metricEntry), ['accuracy:', '  file: metrics.json', '  pointer: /accuracy', '  direction: higher', '  absoluteTolerance: 0.001'])}

${section('outputs', 'Outputs: what the files are that the training writes.', outputs.map(outputEntry), ['weights:', '  path: out/*.pt', '  role: model'])}

# What success means; recorded before a run starts.
# criteria:
#   - {metric: accuracy, operator: ">=", value: 0.95}

# model:
#   name: digits
#   owner: vision team
#   intendedUse: reading digits on forms

# Files that are neither input nor output.
# run:
#   ignore: ["tmp/**"]
`;

type Entry = readonly string[];

const section = (key: string, comment: string, entries: readonly Entry[], example: Entry): string =>
  [`# ${comment}`, ...(entries.length > 0 ? [`${key}:`, ...entries.flat().map((line) => `  ${line}`)] : [`# ${key}:`, ...example.map((line) => `#   ${line}`)])].join('\n');

const dataEntry = ({ name, path, role }: Detected['data'][number]): Entry => [
  `${name}:`,
  `  path: ${scalar(path)}`,
  ...(role === undefined ? ['  # role: train'] : [`  role: ${role}`]),
];

const metricEntry = ({ name, file, pointer, direction }: Detected['metrics'][number]): Entry => [
  `${scalar(name)}:`,
  `  file: ${scalar(file)}`,
  `  pointer: ${scalar(pointer)}`,
  direction === undefined ? '  # direction: higher' : `  direction: ${direction}`,
];

const outputEntry = ({ name, path, role }: Detected['outputs'][number]): Entry => [`${name}:`, `  path: ${scalar(path)}`, `  role: ${role}`];

const WORDS_WITH_MEANING = new Set(['null', 'true', 'false', 'y', 'n', 'yes', 'no', 'on', 'off']);

/** A YAML scalar that is read as this text: plain where that is safe, else double-quoted (JSON text is YAML 1.2). */
const scalar = (text: string): string => (/^[A-Za-z/][A-Za-z0-9_./-]*$/.test(text) && !WORDS_WITH_MEANING.has(text.toLowerCase()) ? text : JSON.stringify(text));
