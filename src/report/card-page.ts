import { QUESTIONS } from '#evidence';
import { shellWord } from '#base';
import { dataRows, resultRows, whoRows } from './manifest-page.ts';
import { open, type Page, row, rows, strong, type Line } from './page.ts';
import { answersBlock, type RunReportView } from './run-report-page.ts';
import { shortId, whole } from './short.ts';

/** What the card says in words: the answers, where the model comes from, what people declared, and how to check it. */
export const cardPage = ({ facts, answers }: Pick<RunReportView, 'facts' | 'answers'>): Page => {
  const { manifest, manifestSha256, files } = facts;
  const { model, run } = manifest;
  const declared = (text: string | undefined): Line => [text ?? open('not provided')];
  return [
    { kind: 'heading', line: [strong('How this model was trained')] },
    {
      kind: 'paragraph',
      line: [`The run ${run.name ?? shortId(run.id)} was recorded by trainlock ${manifest.capture.trainlockVersion}. ${QUESTIONS.length} questions were asked about it:`],
    },
    answersBlock(answers, whole),
    {
      kind: 'rows',
      rows: [...whoRows(manifest), ...resultRows(manifest), ...dataRows(manifest)],
    },
    { kind: 'heading', line: [strong('Intended use and limits')] },
    {
      kind: 'rows',
      rows: [
        ...rows('for', [declared(model?.intendedUse)]),
        ...rows('limits', model?.limitations === undefined || model.limitations.length === 0 ? [declared(undefined)] : model.limitations.map((text): Line => [text])),
        ...rows('owner', [declared(model?.owner)]),
      ],
    },
    { kind: 'heading', line: [strong('How to check it')] },
    {
      kind: 'code',
      language: 'sh',
      text: `trainlock verify ${manifestSha256.slice(0, 16)} --data --log\necho ${shellWord(`${manifestSha256}  ${files.statement.file}`)} | sha256sum --check`,
    },
    { kind: 'rows', rows: row('record', `sha256 ${manifestSha256}`) },
  ];
};
