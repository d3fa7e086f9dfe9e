import { EXIT, TrainlockError } from '#base';
import { type ListedPopulation, listPopulation } from '#flows/list-population';
import { renderPopulation } from '#report';
import type { CommandHandler, ParsedInput } from '../command.ts';
import { leafProgress, listFlag, logRequest, numberFlag, textFlag } from '../log-request.ts';

const EXITS = { complete: EXIT.yes, undecided: EXIT.undecided, damaged: EXIT.no } as const;

/** Every event of some kinds. */
export const handle: CommandHandler = async (input, context) => {
  const kinds = listFlag(input, 'kind');
  if (kinds.length === 0) throw new TrainlockError('TL0001', 'say which events are meant: --kind', { fix: 'trainlock log population --kind run-signed' });
  const [folder] = input.positionals;
  const progress = context.progress('checking');
  const population = await listPopulation({
    ...(await logRequest(input, context)),
    kinds,
    ...(folder === undefined ? {} : { folder }),
    ...textFlag(input, 'log', 'logKey'),
    ...textFlag(input, 'from', 'from'),
    ...textFlag(input, 'to', 'to'),
    ...sampleOf(input),
    onProgress: leafProgress(progress.onProgress),
  }).finally(progress.end);
  return { exit: EXITS[population.kind], text: renderPopulation(population, { colour: context.colour }), data: dataOf(population) };
};

const sampleOf = (input: ParsedInput): { readonly sample?: { readonly count: number; readonly seed: string } } => {
  const [count, seed] = [numberFlag(input, 'sample', 1), input.flags['seed']];
  if (count === undefined && seed === undefined) return {};
  if (count !== undefined && typeof seed === 'string' && seed !== '') return { sample: { count, seed } };
  throw new TrainlockError('TL0001', 'a sample needs a number and a seed: --sample N --seed TEXT', { fix: 'trainlock help log population' });
};

const dataOf = (population: ListedPopulation): unknown => {
  if (population.kind !== 'damaged') return population;
  const { head: _, ...check } = population.check;
  return { kind: population.kind, check };
};
