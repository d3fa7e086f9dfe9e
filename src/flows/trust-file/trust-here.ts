import { unlink } from 'node:fs/promises';
import { shellWord, TrainlockError } from '#base';
import { mayBeOther } from '#trust';
import { followToChange } from './standing-of.ts';
import { readVersion, type ReadVersion } from './trust-document.ts';
import { configuredPins, type Environment, type PinHere, readChain, readWaiting, type TrustPlaces } from './trust-places.ts';

export type TrustToChange = {
  /** The version that counts; its chain leads from the pinned roots. Absent: there is none yet. */
  readonly current?: ReadVersion & { readonly bytes: Uint8Array };
  /** The next version, which waits for signatures. */
  readonly waiting?: ReadVersion;
};

/**
 * The trust file as roots may change it. It must lead from the pinned roots: a root that signs what somebody else put into the
 * repository would make it true. It may have expired. Throws TL1202 if nothing is pinned, TL1201 if it does not lead there.
 */
export const trustToChange = async (places: TrustPlaces, env: Environment): Promise<TrustToChange> => {
  const chain = await readChain(places);
  const newest = chain.at(-1);
  if (newest === undefined || newest.path !== places.current) {
    if (newest !== undefined) throw refused(`the file is missing, but ${newest.path} is here`, places.current, 'bring it back: git checkout -- .trainlock/trust.json');
    return waitingFor(places, undefined);
  }
  const [pin] = await configuredPins(env);
  if (pin === undefined) {
    throw new TrainlockError('TL1202', 'none of the roots of the trust file is pinned here, and what nobody has checked is not signed again', {
      where: places.current,
      fix: 'trainlock trust pin   # shows the roots first',
    });
  }
  const answer = followToChange(
    pin,
    chain.map(({ bytes }) => bytes),
  );
  const version = readVersion(newest.bytes);
  if (answer.kind === 'refused') throw refusedBy(pin, answer, { version, where: places.current });
  if (version.kind === 'unreadable') throw refused(version.because, places.current, 'trainlock trust verify');
  return waitingFor(places, { ...version, bytes: newest.bytes });
};

const waitingFor = async (places: TrustPlaces, current: TrustToChange['current']): Promise<TrustToChange> => {
  const here = current === undefined ? {} : { current };
  const bytes = await readWaiting(places);
  if (bytes === undefined) return here;
  const waiting = readVersion(bytes);
  if (waiting.kind === 'unreadable') throw refused(`the next version cannot be read: ${waiting.because}`, places.waiting, `rm ${shellWord(places.waiting)}`);
  if (waiting.trust.sha256 === current?.trust.sha256) {
    // It counts already: whoever put it in place was ended before the last step.
    await unlink(places.waiting).catch(() => undefined);
    return here;
  }
  const version = (current?.trust.version ?? 0) + 1;
  if (waiting.trust.version !== version || waiting.trust.previousSha256 !== current?.trust.sha256) {
    throw refused(
      `the next version is ${waiting.trust.version}, and it does not follow the version that counts`,
      places.waiting,
      `look at it, then: rm ${shellWord(places.waiting)}`,
    );
  }
  return { ...here, waiting };
};

type Refused = Extract<ReturnType<typeof followToChange>, { readonly kind: 'refused' }>;
type Offered = { readonly version: ReturnType<typeof readVersion>; readonly where: string };

/** One user has one pin, and perhaps two projects with trust files of their own: to verify again says nothing then. */
const refusedBy = ({ of, path, pin }: PinHere, answer: Refused, { version, where }: Offered): TrainlockError => {
  const roots = version.kind === 'read' ? version.trust.roots.map(({ key }) => key) : [];
  if (version.kind !== 'read' || !mayBeOther(answer, pin, roots)) return refused(answer.because, where, 'trainlock trust verify');
  const seen = pin.lastSeen === undefined ? '' : `, version ${pin.lastSeen.version} was seen`;
  const isOlder = answer.refusal === 'rollback' || answer.refusal === 'not-linked';
  const whose = of === 'system' ? 'this machine has one pin' : 'there is one pin for each user';
  return new TrainlockError('TL1201', isOlder ? answer.because : `what is pinned here is not this trust file: ${answer.because}`, {
    where,
    notes: [
      `${whose}, and it may be that of another trust file: ${path} (${pin.name === undefined ? '' : `${pin.name}, `}roots ${pin.roots.map(({ name }) => name).join(', ')}${seen})`,
      isOlder
        ? 'or this file is older than the one that was seen: then bring that back with git, and pin nothing'
        : 'or somebody has put another file in place: only those who hold its roots can say',
    ],
    fix: 'trainlock trust pin   # takes the place of that pin: compare the ids of the roots first',
  });
};

const refused = (because: string, where: string, fix: string): TrainlockError => new TrainlockError('TL1201', because, { where, fix });
