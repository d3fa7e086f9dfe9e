/** What a probe of the machine found out, or why it could not. A probe never throws and never guesses. */
export type Probe<T> =
  | { readonly kind: 'seen'; readonly value: T }
  | {
      readonly kind: 'unavailable';
      /** Why, for people. */
      readonly reason: string;
      /** What would make it available. */
      readonly remedy?: string;
    };

export const seen = <T>(value: T): Probe<T> => ({ kind: 'seen', value });

export const unavailable = (reason: string, remedy?: string): Probe<never> => ({ kind: 'unavailable', reason, ...(remedy === undefined ? {} : { remedy }) });
