import { askAuthority, clockProblem } from '#keys';

export type Dated = {
  /** Answers of authorities, as a bundle keeps them. */
  readonly timestamps: readonly Uint8Array[];
  /** What each authority says, RFC 3339. */
  readonly times: readonly { readonly url: string; readonly time: string }[];
  /** Authorities that did not date it, and what is wrong with the clock. One sentence each. */
  readonly problems: readonly string[];
};

/** Asks every configured authority at once. Never throws: a signature without a date is whole, and can be dated later. */
export const dateSignature = async (signature: Uint8Array, urls: readonly string[]): Promise<Dated> => {
  const answers = await Promise.all(urls.map(async (url) => ({ url, answer: await askAuthority(signature, { url }) })));
  const dated = answers.flatMap(({ url, answer }) => (answer.kind === 'dated' ? [{ url, ...answer }] : []));
  const clocks = new Set(dated.flatMap(({ clock }) => clockProblem(clock) ?? []));
  return {
    timestamps: dated.map(({ response }) => response),
    times: dated.map(({ url, time }) => ({ url, time })),
    problems: [...answers.flatMap(({ answer }) => (answer.kind === 'not-dated' ? [`not dated: ${answer.because}`] : [])), ...clocks],
  };
};
