/** A person or machine says where a model runs that the gate has just allowed: a signed statement. */
import { canonicalJson, escapeControl, readJson, shellWord, toHex, TrainlockError, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { deploymentsOf, type HistoryDocument } from '#history';
import type { GateAnswer } from './gate-model.ts';
import { historyHere } from './life/filed-history.ts';
import { openSpeaker, say, type Said, type SayOptions, type Speaker } from './life/say.ts';
import { policyHere } from './policy/policy-file.ts';

export type DeployedOptions = SayOptions & {
  /** A host, a service, a region, in the words of the team. */
  readonly place: string;
  readonly reason: string;
  /** A policy in place of that of the project. */
  readonly file?: string;
};

export type Deployed = Said & { readonly place: string };

/**
 * Throws TL0001 for an answer of which nothing can be said, TL1501 where the word would not count, TL1503 where nobody knows what was said
 * before, TL1301, TL1101 to TL1106, TL0003.
 */
export const sayDeployed = async (answer: GateAnswer, options: DeployedOptions): Promise<Deployed> => {
  const { place, reason } = options;
  const { decision, environment, manifestSha256, models, policy } = answer;
  const [model, ...others] = models;
  if (decision.kind !== 'allowed' || manifestSha256 === undefined || model?.sha256 === undefined || others.length > 0)
    throw new TrainlockError('TL0001', others.length > 0 ? 'the run has more than one model, and one runs there' : 'only a model that the gate allows is said to run somewhere', {
      fix: 'name the file of the model: trainlock gate --env ENVIRONMENT MODEL --deployed PLACE',
    });
  const here = await historyHere(options);
  const [unread] = here.unread;
  if (unread !== undefined)
    throw new TrainlockError('TL1503', `what was said of ${escapeControl(place)} is undecided: a file cannot be judged`, {
      where: unread.path,
      notes: [unread.because],
      fix: 'bring the file back from git, or remove it if it never was a statement',
    });
  const before = deploymentsOf(here.counted).find((one) => one.environment === environment && one.place === place);
  const speaker = await openSpeaker(options);
  await refuseVain(speaker, options);
  const document: HistoryDocument = {
    kind: 'deployment',
    deployment: {
      record: { runId: answer.run.id, manifestSha256 },
      environment,
      place,
      modelSha256: model.sha256,
      gate: { policySha256: policy.sha256, factsSha256: factsDigest(answer) },
      follows: (before?.heads ?? []).map(({ sha256 }) => sha256).toSorted(),
      person: speaker.person,
      reason,
      gatedAt: new Date().toISOString(),
    },
  };
  return { ...(await say(document, speaker, options)), place };
};

/** Of what --explain prints under facts. */
const factsDigest = ({ facts }: GateAnswer): string => {
  const plain = readJson(utf8(JSON.stringify(facts)));
  if (plain.kind === 'rejected') throw new TrainlockError('TL0001', 'what the gate judged is too large to be named', { fix: 'trainlock gate --explain' });
  return toHex(nodeCrypto.sha256(canonicalJson(plain.value)));
};

/** Of a machine the trust file says where it deploys; of a person the policy says that it may. */
const refuseVain = async ({ person, trust, signer }: Speaker, options: DeployedOptions): Promise<void> => {
  const listed = trust.kind === 'accepted' ? trust.trust.keys.get(signer.publicKey.keyId)?.signer : undefined;
  if (listed !== undefined && listed.kind !== 'person') return;
  const { roles, isSolo } = (await policyHere(options)).policy;
  const isAdmin = roles.get('admin')?.includes(person) === true;
  if (roles.get('deployer')?.includes(person) === true && (isSolo || !isAdmin)) return;
  throw new TrainlockError(
    'TL1501',
    `this deployment would not count: ${isAdmin ? `${escapeControl(person)} is an admin, and admins neither approve nor deploy` : `the policy does not give ${escapeControl(person)} the role deployer`}`,
    {
      fix: `trainlock policy show   # deployers stand under roles; sign with a key of one: --key NAME, or list a machine: trainlock trust add ${shellWord('NAME')} --kind machine --role deployer --type deployment`,
    },
  );
};
