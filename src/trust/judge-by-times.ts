import { judgeSigner, type ProvenTime, type SignerAnswer, type SignerQuestion } from './judge-signer.ts';

/**
 * judgeSigner for a signature with any number of proven times: those of authorities are asked first, then those of witnesses; one that
 * makes the signature count is enough. So a further proof never takes trust away, and leaving one away never gives any.
 */
export const judgeByTimes = (question: Omit<SignerQuestion, 'time'>, times: readonly ProvenTime[]): SignerAnswer => {
  const ordered = [...times.filter(({ kind }) => kind === 'authority'), ...times.filter(({ kind }) => kind === 'witness')];
  const answers = ordered.map((time) => judgeSigner({ ...question, time }));
  return answers.find(({ kind }) => kind === 'trusted') ?? answers[0] ?? judgeSigner({ ...question, time: { kind: 'none' } });
};
