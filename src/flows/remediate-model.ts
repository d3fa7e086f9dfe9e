/** What the gate finds of a model becomes a plan; what trainlock may do of it is done if a person says so, and before, plan, actions and after are signed. */
import { toHex, TrainlockError, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { factsText, type GateDecision, planRemedies, type RemedyAction } from '#gate';
import type { HistoryDocument } from '#history';
import type { Remediation } from '#statements';
import { openStore, type Store } from '#store';
import { type GateAnswer, gateModel, type GateOptions, hindranceOf } from './gate-model.ts';
import { checkWord, openSpeaker, say, type Said, type SayOptions, type Speaker } from './life/say.ts';
import { exactRecord, type ExactRecord } from './policy/exact-record.ts';
import { type ActionOutcome, type AppliedAction, applyActions, type Workshop } from './remediate/apply-actions.ts';
import { type FilesHere, filesHere } from './remediate/file-means.ts';
import { lostStatements } from './remediate/lost-statements.ts';
import { packagesHere } from './remediate/package-means.ts';
import { type AnswerThen, documentActions } from './remediate/remediation-document.ts';

export type { ActionOutcome, AppliedAction } from './remediate/apply-actions.ts';

export type RemediateOptions = GateOptions &
  SayOptions & {
    /** Files that a person named as copies of what is missing: taken only if their bytes are the recorded ones. */
    readonly copies: readonly string[];
    /** Folders with wheels that a person named. */
    readonly findLinks: readonly string[];
  };

export type PlannedRemediation = {
  readonly answer: Omit<GateAnswer, 'facts'>;
  readonly before: AnswerThen;
  readonly actions: readonly RemedyAction[];
  /** Signs the plan; whoever does needs a key that may. Throws TL1501, TL1101 to TL1106, TL0001, TL0003. */
  readonly sign: (reason: string) => Promise<Said>;
  /** Signs the plan, makes what is automatic, asks the gate again, and signs what came of it. Nothing is done where that word would not count. Throws as sign does. */
  readonly apply: (reason: string, onAction: (action: RemedyAction, outcome: ActionOutcome) => void) => Promise<AppliedRemediation>;
};

export type AppliedRemediation = {
  readonly plan: Said;
  readonly said: Said;
  readonly actions: readonly AppliedAction[];
  /** Absent where the gate could not be asked any more; then `because` says why. */
  readonly after?: AnswerThen & { readonly answer: Omit<GateAnswer, 'facts'> };
  readonly because?: string;
};

/** Asks the gate, and looks what is at hand for mending. Writes nothing. Throws as gateModel does, TL0304 for a record that becomes another one meanwhile, TL0002. */
export const planRemediation = async (options: RemediateOptions): Promise<PlannedRemediation> => {
  const gate = await gateModel(options);
  const { facts, ...answer } = gate;
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const record = await recordOf(gate, store);
  const bench = await workbench(gate, { options, store, record });
  const actions = gate.decision.kind === 'allowed' ? [] : planRemedies({ decision: gate.decision, facts, means: bench.means });
  const before = thenOf(gate.decision, factsText(facts));
  const context: Signing = { options, store, gate, record, before, facts: factsText(facts) };
  return {
    answer,
    before,
    actions,
    sign: async (reason) => signPlan(context, { actions, reason, speaker: await speakerFor(context, actions, reason) }),
    apply: (reason, onAction) => applied(context, { actions, reason, workshop: { ...bench.workshop, onAction } }),
  };
};

/** The record that was judged, by its bytes; undefined where it could not be read. */
const recordOf = async ({ run, manifestSha256 }: GateAnswer, store: Store): Promise<ExactRecord | undefined> => {
  if (manifestSha256 === undefined) return undefined;
  const record = await exactRecord(await store.find(run.id));
  if (record.sha256 !== manifestSha256) throw new TrainlockError('TL0304', 'the record changed while it was being read', { where: record.run.statementPath });
  return record;
};

type Bench = { readonly means: Parameters<typeof planRemedies>[0]['means']; readonly workshop: Omit<Workshop, 'onAction'> };
type Benching = { readonly options: RemediateOptions; readonly store: Store; readonly record: ExactRecord | undefined };

const NO_FILES: FilesHere = { models: new Map(), serving: new Map() };

/** What is at hand. Of a record that is not proven nothing is looked for: whoever may write one could have any file written, and any package installed. */
const workbench = async ({ facts, policy }: GateAnswer, { options, store, record }: Benching): Promise<Bench> => {
  const { projectRoot, storeFolder, workingDirectory, reference, pin } = options;
  const never = [storeFolder, policy.path, ...(pin === undefined ? [] : [pin])];
  const hindrance = hindranceOf(facts);
  const statements = await lostStatements(projectRoot);
  const isHindered = record === undefined || hindrance !== undefined;
  const question =
    record === undefined ? undefined : { manifest: record.manifest, run: record.run, store, projectRoot, never, copies: options.copies, reference, workingDirectory };
  const files = question === undefined || isHindered ? NO_FILES : await filesHere(facts, question);
  const packageQuestion = isHindered ? undefined : { ...options, manifest: record.manifest };
  const packages = packageQuestion === undefined ? undefined : await packagesHere(facts, packageQuestion);
  const meansOf = (all: FilesHere['models']): Bench['means']['models'] => new Map([...all].map(([name, { means }]) => [name, means]));
  return {
    means: {
      statements: statements.map((one) => one.map(({ path, sha256 }) => ({ path, sha256 }))),
      models: meansOf(files.models),
      serving: meansOf(files.serving),
      ...(hindrance === undefined ? {} : { hindrance }),
      ...(packages === undefined ? {} : { packages }),
    },
    workshop: {
      projectRoot,
      store,
      ...(packageQuestion === undefined ? {} : { packages: packageQuestion }),
      statements,
      fileOf: (id, name) => (id === 'TL1002' ? files.models : files.serving).get(name),
    },
  };
};

const thenOf = ({ kind }: GateDecision, facts: string): AnswerThen => ({ decision: kind, factsSha256: toHex(nodeCrypto.sha256(utf8(`${facts}\n`))) });

type Signing = {
  readonly options: RemediateOptions;
  readonly store: Store;
  readonly gate: GateAnswer;
  readonly record: ExactRecord | undefined;
  readonly before: AnswerThen;
  readonly facts: string;
};

type Wording = { readonly actions: readonly AppliedAction[]; readonly reason: string; readonly speaker: Speaker };

const documentOf = ({ gate, record, before }: Signing, { actions, reason, speaker }: Wording, applied: Pick<Remediation, 'plan' | 'after'> = {}): HistoryDocument => {
  if (record === undefined)
    throw new TrainlockError('TL0304', 'the record cannot be read, so nothing that is said of it could be found again', { fix: `trainlock verify ${gate.run.id.slice(0, 8)}` });
  return {
    kind: 'remediation',
    remediation: {
      phase: applied.plan === undefined ? 'plan' : 'applied',
      record: { runId: record.manifest.run.id, manifestSha256: record.sha256 },
      environment: gate.environment,
      policySha256: gate.policy.sha256,
      before,
      actions: documentActions(actions),
      ...applied,
      person: speaker.person,
      reason,
      statedAt: new Date().toISOString(),
    },
  };
};

/** The key is opened, and its word judged, before anything is done. */
const speakerFor = async (context: Signing, actions: readonly RemedyAction[], reason: string): Promise<Speaker> => {
  const speaker = await openSpeaker(context.options);
  checkWord(documentOf(context, { actions, reason, speaker }), speaker);
  return speaker;
};

/** What was judged is kept: the statement names it by digest. */
const signPlan = async (context: Signing, wording: Wording): Promise<Said> => {
  await context.store.putObject(utf8(`${context.facts}\n`));
  return say(documentOf(context, wording), wording.speaker, context.options);
};

type Applying = { readonly actions: readonly RemedyAction[]; readonly reason: string; readonly workshop: Workshop };

const applied = async (context: Signing, { actions, reason, workshop }: Applying): Promise<AppliedRemediation> => {
  const speaker = await speakerFor(context, actions, reason);
  const plan = await signPlan(context, { actions, reason, speaker });
  const made = await applyActions(actions, workshop);
  const again = await askedAgain(context);
  const after = 'because' in again ? {} : { after: { decision: again.said.decision, factsSha256: again.said.factsSha256 } };
  const said = await say(documentOf(context, { actions: made, reason, speaker }, { plan: plan.sha256, ...after }), speaker, context.options);
  return { plan, said, actions: made, ...('because' in again ? again : { after: { ...again.said, answer: again.answer } }) };
};

type Again = { readonly said: AnswerThen; readonly answer: Omit<GateAnswer, 'facts'> } | { readonly because: string };

/** What was done is signed whatever the gate says then, and also where it says nothing. */
const askedAgain = async ({ options, store }: Signing): Promise<Again> => {
  try {
    const { facts, ...answer } = await gateModel(options);
    const text = factsText(facts);
    await store.putObject(utf8(`${text}\n`));
    return { said: thenOf(answer.decision, text), answer };
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
    return { because: error.message };
  }
};
