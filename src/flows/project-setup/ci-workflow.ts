/** What a workflow needs to know of the project. */
export type WorkflowFacts = {
  /** Relative to the project. */
  readonly script: string;
  readonly lockFile?: string;
  readonly hasPyproject: boolean;
};

export type CiSystem = 'github' | 'gitlab';

/** Path of the workflow file and its text: it records the training, verifies the record and keeps it. */
export const ciWorkflow = (system: CiSystem, facts: WorkflowFacts): { readonly path: string; readonly text: string } =>
  system === 'github' ? { path: '.github/workflows/trainlock.yml', text: githubText(facts) } : { path: '.gitlab/trainlock.yml', text: gitlabText(facts) };

const installCommands = ({ lockFile, hasPyproject }: WorkflowFacts): readonly string[] => {
  if (lockFile === 'uv.lock') return ['pip install uv', 'uv export --frozen --output-file requirements.locked.txt', 'pip install --requirement requirements.locked.txt'];
  if (lockFile?.startsWith('requirements') === true) return [`pip install --requirement ${lockFile}`];
  if (lockFile === 'poetry.lock') return ['pip install poetry', 'poetry config virtualenvs.create false', 'poetry install --sync'];
  return hasPyproject ? ['pip install .'] : ['# install what the training needs here'];
};

const steps = (facts: WorkflowFacts): readonly string[] => [...installCommands(facts), 'pip install trainlock'];

const quoted = (path: string): string => (/^[A-Za-z0-9_./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

const githubText = (facts: WorkflowFacts): string => `# Records the training, verifies the record and keeps it. Written by trainlock init.
name: trainlock
on:
  push:
  workflow_dispatch:
permissions:
  contents: read
jobs:
  train:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.x"
      - name: Install
        run: |
${steps(facts)
  .map((command) => `          ${command}`)
  .join('\n')}
      - name: Record
        run: trainlock run --require-record --why "commit \${{ github.sha }}" -- python ${quoted(facts.script)}
      - name: Verify
        run: trainlock verify last --data --model
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: trainlock
          path: .trainlock/runs
          include-hidden-files: true
`;

const gitlabText = (facts: WorkflowFacts): string => `# Records the training, verifies the record and keeps it. Written by trainlock init.
# Add to .gitlab-ci.yml:  include: [{ local: .gitlab/trainlock.yml }]
trainlock:
  image: python:3
  script:
${[...steps(facts), `trainlock run --require-record --why "commit $CI_COMMIT_SHA" -- python ${quoted(facts.script)}`, 'trainlock verify last --data --model']
  .map((command) => (command.startsWith('#') ? `    ${command}` : `    - ${JSON.stringify(command)}`))
  .join('\n')}
  artifacts:
    when: always
    paths: [.trainlock/runs]
`;
