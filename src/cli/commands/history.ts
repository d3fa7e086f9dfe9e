import { EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { tellHistory } from '#flows/tell-history';
import { renderHistory } from '#report';
import type { CommandHandler } from '../command.ts';
import { environmentFlag, fileFlag } from '../policy-place.ts';

/** Tells who changed what of records. */
export const handle: CommandHandler = async (input, context) => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const [reference] = input.positionals;
  const pin = fileFlag(input.flags['trust']);
  const told = await tellHistory({
    projectRoot,
    storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    ...(reference === undefined ? {} : { reference }),
    ...(pin === undefined ? {} : { pin }),
    ...environmentFlag(input.flags),
  });
  const { life, ...rest } = told;
  return {
    exit: told.isUndecided ? EXIT.undecided : EXIT.yes,
    text: renderHistory(told, { colour: context.colour }),
    data: { ...rest, life: life?.data ?? null },
  };
};
