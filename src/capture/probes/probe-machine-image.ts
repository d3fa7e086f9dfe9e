import type { Environment } from '#manifest';
import type { Host } from './host.ts';
import { readOsRelease } from './probe-system.ts';

/** What the firmware says; serial numbers and UUIDs are never read. */
const FIRMWARE: Readonly<Record<string, string>> = {
  vendor: 'sys_vendor',
  product: 'product_name',
  productVersion: 'product_version',
  board: 'board_name',
  biosVendor: 'bios_vendor',
  biosVersion: 'bios_version',
  biosDate: 'bios_date',
};

const CLOUDS: readonly (readonly [RegExp, string])[] = [
  [/amazon ec2/i, 'aws'],
  [/google/i, 'gce'],
  [/microsoft corporation/i, 'azure'],
  [/digitalocean/i, 'digitalocean'],
  [/openstack/i, 'openstack'],
  [/hetzner/i, 'hetzner'],
  [/oraclecloud/i, 'oracle'],
  [/alibaba/i, 'alibaba'],
];

/** Firmware, cloud and machine image, as the machine itself tells them. No cloud service is asked. */
export const probeMachineImage = async (host: Host): Promise<NonNullable<Environment['machineImage']>> => {
  const facts: Record<string, string> = {};
  for (const [name, file] of Object.entries(FIRMWARE)) {
    const text = (await host.readText(`/sys/class/dmi/id/${file}`, 1024))?.trim();
    if (text !== undefined && text !== '' && !/^(?:to be filled|default string|not specified|none)/i.test(text)) facts[name] = text;
  }
  const told = (await host.readText('/run/cloud-init/cloud-id', 256))?.trim();
  const tag = (await host.readText('/sys/class/dmi/id/chassis_asset_tag', 256))?.trim() ?? '';
  const guessed = CLOUDS.find(([pattern]) => pattern.test(`${facts['vendor'] ?? ''} ${facts['product'] ?? ''} ${tag}`))?.[1];
  if (told !== undefined && told !== '') facts['cloud'] = told;
  else if (guessed !== undefined) facts['cloud'] = guessed;
  const release = readOsRelease((await host.readText('/etc/os-release')) ?? '');
  for (const name of ['IMAGE_ID', 'IMAGE_VERSION', 'BUILD_ID', 'VARIANT_ID']) if (release[name] !== undefined) facts[name] = release[name];
  return { ...facts, ...(await cloudInstance(host)) };
};

/** Region, instance type and image id from the file that cloud-init leaves for everyone (secrets are redacted in it by cloud-init). */
const cloudInstance = async (host: Host): Promise<Readonly<Record<string, string>>> => {
  const text = await host.readText('/run/cloud-init/instance-data.json');
  if (text === undefined) return {};
  try {
    const document: unknown = JSON.parse(text);
    const picked: Record<string, string> = {};
    const take = (name: string, ...path: readonly string[]): void => {
      let value: unknown = document;
      for (const key of path) value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
      if (typeof value === 'string' && value.length <= 256) picked[name] = value;
    };
    take('region', 'v1', 'region');
    take('platform', 'v1', 'platform');
    take('imageId', 'ds', 'meta_data', 'ami-id');
    take('imageId', 'ds', 'meta_data', 'image-id');
    take('instanceType', 'ds', 'meta_data', 'instance-type');
    return picked;
  } catch {
    return {};
  }
};
