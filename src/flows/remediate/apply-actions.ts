import { escapeControl, exhaustive, TrainlockError } from '#base';
import type { RemedyAction } from '#gate';
import type { Store } from '#store';
import { bringBackStatement } from './bring-back-statement.ts';
import type { RestorableFile } from './file-means.ts';
import { installPackages } from './install-packages.ts';
import type { LostStatement } from './lost-statements.ts';
import type { PackageQuestion } from './package-means.ts';
import { replaceFile } from './replace-file.ts';

/** What became of an automatic action. */
export type ActionOutcome = {
  readonly state: 'done' | 'failed' | 'not-started';
  /** One sentence, control characters escaped. */
  readonly because: string;
  readonly stdoutSha256?: string;
  readonly stderrSha256?: string;
};

export type AppliedAction = RemedyAction & { readonly outcome?: ActionOutcome };

/** What the actions of a plan are made with. */
export type Workshop = {
  readonly projectRoot: string;
  readonly store: Store;
  /** Absent where nothing of the record is installed. */
  readonly packages?: PackageQuestion;
  readonly statements: readonly LostStatement[];
  /** Of models and serving code, by finding and name. */
  readonly fileOf: (id: string, name: string) => RestorableFile | undefined;
  readonly onAction: (action: RemedyAction, outcome: ActionOutcome) => void;
};

/** Makes the automatic actions of a plan, one at a time, and stops at the first that fails. Each is seen afterwards by its digest. Never throws for what cannot be done. */
export const applyActions = async (actions: readonly RemedyAction[], workshop: Workshop): Promise<readonly AppliedAction[]> => {
  const applied: AppliedAction[] = [];
  let hasFailed = false;
  for (const action of actions) {
    if (action.how !== 'automatic') {
      applied.push(action);
      continue;
    }
    const outcome: ActionOutcome = hasFailed ? { state: 'not-started', because: 'one before it failed' } : await outcomeOf(action, workshop);
    hasFailed ||= outcome.state === 'failed';
    workshop.onAction(action, outcome);
    applied.push({ ...action, outcome });
  }
  return applied;
};

const outcomeOf = async (action: RemedyAction, workshop: Workshop): Promise<ActionOutcome> => {
  try {
    return await made(action, workshop);
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
    return failed(escapeControl(error.message));
  }
};

const DONE: ActionOutcome = { state: 'done', because: 'seen afterwards by its digest' };

const failed = (because: string): ActionOutcome => ({ state: 'failed', because: escapeControl(because).slice(0, 2000) });

const made = async (action: RemedyAction, workshop: Workshop): Promise<ActionOutcome> => {
  switch (action.kind) {
    case 'restore-statement': {
      const files = workshop.statements.find((one) => one[0]?.path === action.files?.[0]?.path);
      const because = files === undefined ? 'it is not known any more' : await bringBackStatement(files, workshop.projectRoot);
      return because === undefined ? DONE : failed(because);
    }
    case 'restore-file': {
      const [file] = action.files ?? [];
      const { target, source } = workshop.fileOf(action.findings[0]?.id ?? '', file?.path ?? '') ?? {};
      const because =
        file === undefined || target === undefined || source === undefined ? 'it is not known any more' : await replaceFile({ target, file, source, store: workshop.store });
      return because === undefined ? DONE : failed(because);
    }
    case 'install-packages': {
      const { interpreter, packages } = action;
      if (interpreter === undefined || packages === undefined || workshop.packages === undefined) return failed('it names no packages');
      const { because, ...digests } = await installPackages({ interpreter, packages }, workshop.packages);
      return { ...digests, ...(because === undefined ? DONE : failed(because)) };
    }
    case 'install-native':
    case 'pin-settings':
    case 'ask-approval':
    case 'replay':
    case 'record-again':
    case 'ask-canary':
    case 'look':
      return failed('this is for a person');
    default:
      return exhaustive(action.kind);
  }
};
