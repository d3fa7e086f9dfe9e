import type { Environment, Manifest } from '#manifest';
import { reasonOf } from './compare-distributions.ts';
import type { EnvironmentHere } from './environment-here.ts';
import type { EnvironmentFinding, CompareOptions } from './finding.ts';

type Accelerator = NonNullable<Environment['accelerators']>[number];

/** Compares GPUs and the like by model, driver, firmware and runtime, and the CUDA and cuDNN that PyTorch brings. */
export const compareAccelerators = (manifest: Manifest, here: EnvironmentHere, { run }: CompareOptions): readonly EnvironmentFinding[] => {
  const recorded = manifest.environment.accelerators;
  const now = here.machine.accelerators;
  const finding = (facts: Pick<EnvironmentFinding, 'state' | 'pointer' | 'about' | 'recorded' | 'here'>): EnvironmentFinding => ({
    id: 'TL3005',
    severity: 'high',
    ...facts,
    remedy: `trainlock replay ${run}, then have the outcome approved: it cannot be mended in place`,
  });
  return [...devices({ recorded, now, here, finding }), ...cudaVersions(manifest, here, finding)];
};

type Finding = (facts: Pick<EnvironmentFinding, 'state' | 'pointer' | 'about' | 'recorded' | 'here'>) => EnvironmentFinding;
type Devices = {
  readonly recorded: readonly Accelerator[] | undefined;
  readonly now: readonly Accelerator[] | undefined;
  readonly here: EnvironmentHere;
  readonly finding: Finding;
};

const devices = ({ recorded, now, here, finding }: Devices): readonly EnvironmentFinding[] => {
  const at = '/environment/accelerators';
  if (recorded === undefined)
    return now !== undefined && now.length === 0
      ? []
      : [finding({ state: 'unknown', pointer: at, about: 'accelerators', recorded: 'they could not be asked', here: countText(now) })];
  if (now === undefined) return [finding({ state: 'unknown', pointer: at, about: 'accelerators', recorded: countText(recorded), here: reasonOf(here, at) })];
  return Array.from({ length: Math.max(recorded.length, now.length) }, (_, index) => index).flatMap((index) => {
    const [then, device] = [recorded[index], now[index]];
    const [a, b] = [deviceText(then), deviceText(device)];
    return a === b ? [] : [finding({ state: 'different', pointer: then === undefined ? at : `${at}/${index}`, about: `accelerator ${index}`, recorded: a, here: b })];
  });
};

const countText = (list: readonly Accelerator[] | undefined): string =>
  list === undefined ? 'they could not be asked' : list.length === 0 ? 'none' : list.map(deviceText).join('; ');

const deviceText = (device: Accelerator | undefined): string =>
  device === undefined
    ? 'none'
    : [device.model, ...(['driver', 'firmware', 'runtime'] as const).flatMap((name) => (device[name] === undefined ? [] : [`${name} ${device[name]}`]))].join(', ');

const cudaVersions = ({ environment }: Manifest, here: EnvironmentHere, finding: Finding): readonly EnvironmentFinding[] =>
  ['torch.cuda.version', 'torch.cudnn.version'].flatMap((name) => {
    const [then, now] = [environment.runtime?.[name], here.runtime?.[name]];
    // cuDNN is told only by a process that used a device.
    if (then === undefined || then === now || (name === 'torch.cudnn.version' && now === undefined)) return [];
    return [
      finding({ state: now === undefined ? 'unknown' : 'different', pointer: `/environment/runtime/${name}`, about: name, recorded: then, here: now ?? 'it could not be asked' }),
    ];
  });
