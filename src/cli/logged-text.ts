import type { EnteredLeaves } from '#flows/enter-leaves';

/** One line for what became of the leaf of an event; none where no log is kept. */
export const loggedText = (logged: EnteredLeaves | undefined): readonly string[] => {
  switch (logged?.kind) {
    case 'entered':
      return [`leaf ${logged.index} of ${logged.origin}`];
    case 'waiting':
      return [`its leaf waits: ${logged.because}`, 'fix: trainlock log enter'];
    case 'none':
    case undefined:
      return [];
  }
};
