import { type Probe, seen, unavailable } from '#assembly';
import { type Crypto, toHex, utf8 } from '#base';
import type { Environment } from '#manifest';
import { attempt } from './attempt.ts';
import { failureOf, outputOf } from './git-command.ts';
import type { Host } from './host.ts';

type Accelerator = NonNullable<Environment['accelerators']>[number];

/** Turns the serial identity of a device into a pseudonym. */
export type Pseudonym = (identity: string) => string;

/** HMAC-SHA-256 under a key that lies outside the record, cut to 64 bits: enough to tell devices apart, useless to find one. */
export const pseudonymOf =
  (key: Uint8Array, crypto: Crypto, prefix: string): Pseudonym =>
  (identity) =>
    `${prefix}-${toHex(crypto.hmacSha256(key, utf8(`trainlock-pseudonym-v1\u0000${prefix}\u0000${identity}`))).slice(0, 16)}`;

const TIMEOUT_MS = 20_000;

/** Where a kernel shows accelerators to programs: NVIDIA, AMD, the accel class, VFIO (TPUs), WSL, DRM. Without one of them no program can use a device. */
const DEVICE_NODES = [
  '/dev/nvidiactl',
  '/dev/nvidia0',
  '/dev/kfd',
  '/dev/accel',
  '/dev/accel0',
  '/dev/vfio/0',
  '/dev/dxg',
  '/dev/dri/renderD128',
  '/dev/habanalabs',
  '/dev/neuron0',
];

/** GPUs by nvidia-smi, else by rocm-smi. Without either it is only known whether the kernel shows any device. */
export const probeAccelerators = (host: Host, pseudonym: Pseudonym): Promise<Probe<readonly Accelerator[]>> =>
  attempt('accelerators', async () => {
    const nvidia = await host.run('nvidia-smi', ['-q', '-x'], { timeoutMs: TIMEOUT_MS });
    if (nvidia.kind === 'ended' || nvidia.reason !== 'not-found') {
      const bytes = outputOf(nvidia);
      // Exit 9 and the like: driver not loaded, no device.
      if (bytes === undefined)
        return /no devices were found/i.test(nvidia.kind === 'ended' ? nvidia.stderr + nvidia.stdout.toString('utf8') : '')
          ? seen([])
          : unavailable(`nvidia-smi gave no answer: ${failureOf(nvidia)}`);
      return seen(readNvidia(bytes.toString('utf8'), pseudonym));
    }
    const rocm = await host.run('rocm-smi', ['--showproductname', '--showdriverversion', '--showvbios', '--showmeminfo', 'vram', '--showuniqueid', '--json'], {
      timeoutMs: TIMEOUT_MS,
    });
    const bytes = outputOf(rocm);
    if (bytes !== undefined) return seen(readRocm(bytes.toString('utf8'), pseudonym));
    if (await host.exists('/proc/driver/nvidia/version'))
      return unavailable('there is an NVIDIA driver but no nvidia-smi', 'make nvidia-smi available (in containers: NVIDIA_DRIVER_CAPABILITIES=compute,utility)');
    if (rocm.kind === 'failed' && rocm.reason === 'not-found') {
      const nodes = await Promise.all(DEVICE_NODES.map(async (path) => ((await host.exists(path)) ? path : undefined)));
      const there = nodes.find((path) => path !== undefined);
      return there === undefined ? seen([]) : unavailable(`there is a device (${there}), but neither nvidia-smi nor rocm-smi to ask for it`);
    }
    return unavailable(`rocm-smi gave no answer: ${failureOf(rocm)}`);
  });

/** Settings of a device that matter and do not change from second to second. */
const NVIDIA_SETTINGS: Readonly<Record<string, string>> = {
  persistence: 'persistence_mode',
  mig: 'current_mig',
  ecc: 'current_ecc',
  compute: 'compute_mode',
  architecture: 'product_architecture',
  virtualization: 'virtualization_mode',
  powerLimit: 'current_power_limit',
  enforcedPowerLimit: 'enforced_power_limit',
};

/**
 * Reads the output of nvidia-smi -q -x. The format is flat XML without attributes that matter: each wanted element is taken by its
 * first occurrence inside its device. Text that is not there or is N/A is left out.
 */
const readNvidia = (xml: string, pseudonym: Pseudonym): readonly Accelerator[] => {
  const driver = elementOf(xml, 'driver_version');
  const cuda = elementOf(xml, 'cuda_version');
  return xml
    .split(/<gpu id="/)
    .slice(1, 257)
    .map((gpu, position) => {
      const memory = bytesOf(elementOf(elementOf(gpu, 'fb_memory_usage') ?? '', 'total'));
      const uuid = elementOf(gpu, 'uuid');
      const firmware = elementOf(gpu, 'vbios_version');
      const index = Number(elementOf(gpu, 'minor_number') ?? position);
      const limits = elementOf(gpu, 'max_clocks') ?? '';
      const settings = Object.fromEntries(
        [
          ...Object.entries(NVIDIA_SETTINGS).map(([name, element]) => [name, elementOf(gpu, element)] as const),
          ['maxGraphicsClock', elementOf(limits, 'graphics_clock')] as const,
          ['maxMemoryClock', elementOf(limits, 'mem_clock')] as const,
          ['applicationClock', elementOf(elementOf(gpu, 'applications_clocks') ?? '', 'graphics_clock')] as const,
        ].filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
      );
      return {
        index: Number.isSafeInteger(index) && index >= 0 ? index : position,
        model: elementOf(gpu, 'product_name') ?? 'NVIDIA GPU',
        ...(driver === undefined ? {} : { driver }),
        ...(firmware === undefined ? {} : { firmware }),
        ...(cuda === undefined ? {} : { runtime: `CUDA ${cuda}` }),
        ...(memory === undefined ? {} : { memoryBytes: memory }),
        ...(uuid === undefined ? {} : { device: pseudonym(uuid) }),
        ...(Object.keys(settings).length === 0 ? {} : { settings }),
      };
    });
};

const elementOf = (xml: string, name: string): string | undefined => {
  const start = xml.indexOf(`<${name}>`);
  if (start === -1) return undefined;
  const end = xml.indexOf(`</${name}>`, start);
  const text = end === -1 ? undefined : xml.slice(start + name.length + 2, end).trim();
  if (text === undefined || text === '' || /^(?:\[?N\/A\]?|\[?Not Supported\]?|None)$/i.test(text)) return undefined;
  return text.includes('<') ? text : text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').slice(0, 1024);
};

const bytesOf = (text: string | undefined): number | undefined => {
  const match = /^([0-9]{1,9}) (K|M|G)iB$/.exec(text ?? '');
  return match === null ? undefined : Number(match[1]) * { K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match[2] as 'K' | 'M' | 'G'];
};

/** Reads the JSON of rocm-smi: one object per card, keys in words. */
const readRocm = (text: string, pseudonym: Pseudonym): readonly Accelerator[] => {
  const document: unknown = JSON.parse(text.slice(Math.max(0, text.indexOf('{'))));
  if (typeof document !== 'object' || document === null) return [];
  const cards = Object.entries(document).filter((entry): entry is [string, Record<string, unknown>] => typeof entry[1] === 'object' && entry[1] !== null);
  const system = cards.find(([name]) => name === 'system')?.[1] ?? {};
  const driver = textOf(system, 'Driver version');
  return cards
    .filter(([name]) => /^card[0-9]+$/.test(name))
    .slice(0, 256)
    .map(([name, card]) => {
      const memory = Number(textOf(card, 'VRAM Total Memory (B)') ?? Number.NaN);
      const identity = textOf(card, 'Unique ID');
      const firmware = textOf(card, 'VBIOS version');
      return {
        index: Number(name.slice(4)),
        model: textOf(card, 'Card Series') ?? textOf(card, 'Card series') ?? textOf(card, 'Card model') ?? 'AMD GPU',
        ...(driver === undefined ? {} : { driver }),
        ...(firmware === undefined ? {} : { firmware }),
        ...(Number.isSafeInteger(memory) ? { memoryBytes: memory } : {}),
        ...(identity === undefined ? {} : { device: pseudonym(identity) }),
      };
    });
};

const textOf = (card: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = card[name];
  return typeof value === 'string' && value !== '' && value !== 'N/A' ? value.slice(0, 1024) : undefined;
};
