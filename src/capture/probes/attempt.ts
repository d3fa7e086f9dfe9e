import { type Probe, unavailable } from '#assembly';

/** Runs a probe; a fault in it is a fact that could not be had, never an error of the run. */
export const attempt = async <T>(fact: string, probe: () => Promise<Probe<T>>): Promise<Probe<T>> => {
  try {
    return await probe();
  } catch (error) {
    return unavailable(`${fact} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};
