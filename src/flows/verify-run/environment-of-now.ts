import { softwareSeen } from '#assembly';
import { probeSoftware, readEventFiles } from '#capture';
import type { Manifest } from '#manifest';
import type { EnvironmentEvidence } from '#verify';
import { machineOfNow } from '../env/machine-of-now.ts';

type Where = { readonly env: Readonly<Record<string, string | undefined>>; readonly projectRoot: string; /** Folder of the run, if it is at hand. */ readonly folder?: string };

/** Asks the machine of now what the recorder asked then. Packages are found on the search path that the events of the run name. */
export const environmentOfNow = async (manifest: Manifest, where: Where): Promise<EnvironmentEvidence> => {
  const machine = machineOfNow(where);
  const software = where.folder === undefined ? undefined : await softwareNow(where.folder, where.projectRoot);
  const { environment, gaps } = await machine;
  return {
    environment,
    ...(software === undefined ? {} : { distributions: software.distributions }),
    unavailable: [
      ...gaps.filter(({ about }) => about.startsWith('/environment') && !isKnownGap(manifest, about)).map(({ reason }) => reason),
      ...(software === undefined && manifest.dependencies.distributions.length > 0 ? ['the folder of the run is not at hand, so nobody knows where its packages lay'] : []),
    ],
  };
};

/** What could not be seen when the run was recorded either was never a fact of the record. */
const isKnownGap = (manifest: Manifest, about: string): boolean => manifest.capture.gaps.some((gap) => gap.about === about);

const softwareNow = async (folder: string, projectRoot: string): Promise<Awaited<ReturnType<typeof probeSoftware>>> => {
  const events = await readEventFiles(folder);
  return probeSoftware(softwareSeen(events.logs), projectRoot);
};
