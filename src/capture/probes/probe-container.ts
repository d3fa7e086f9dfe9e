import type { Environment } from '#manifest';
import type { Host } from './host.ts';
import { mountOf, readMounts } from './mount-table.ts';

type Container = NonNullable<Environment['container']>;
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Whether the run is in a container, and which image is claimed. The digest of an image cannot be seen from inside: it is told by
 * TRAINLOCK_IMAGE (name, name@sha256:… or both) or by podman, and stays a claim.
 */
export const probeContainer = async (host: Host, environment: Variables): Promise<Container> => {
  const [docker, podman, mountinfo, systemd, cgroup, kubernetes, apptainer] = await Promise.all([
    host.exists('/.dockerenv'),
    host.readText('/run/.containerenv', 65_536),
    host.readText('/proc/self/mountinfo', 8 * 1024 * 1024),
    host.readText('/run/systemd/container', 256),
    host.readText('/proc/self/cgroup', 65_536),
    host.exists('/var/run/secrets/kubernetes.io'),
    host.exists('/.singularity.d'),
  ]);
  const mounts = readMounts(mountinfo ?? '');
  const told = podman === undefined ? {} : readContainerEnv(podman);
  const kind = kindOf({
    docker,
    podman: podman !== undefined,
    kubernetes: kubernetes || environment['KUBERNETES_SERVICE_HOST'] !== undefined,
    apptainer: apptainer || environment['APPTAINER_CONTAINER'] !== undefined || environment['SINGULARITY_CONTAINER'] !== undefined,
    named: systemd?.trim() ?? environment['container'],
    rootType: mountOf(mounts, '/')?.type,
    cgroup: cgroup ?? '',
  });
  const id = told['id'] ?? idOf(`${cgroup ?? ''}\n${mountinfo ?? ''}`);
  const image = imageOf(environment, told);
  return {
    kind,
    ...(kind === 'none' || id === undefined ? {} : { id }),
    ...(image !== undefined ? { image } : kind === 'none' ? {} : { image: { status: 'unknown' as const } }),
  };
};

type Signs = {
  readonly docker: boolean;
  readonly podman: boolean;
  readonly kubernetes: boolean;
  readonly apptainer: boolean;
  readonly named: string | undefined;
  readonly rootType: string | undefined;
  readonly cgroup: string;
};

const kindOf = (signs: Signs): Container['kind'] => {
  if (signs.apptainer) return 'apptainer';
  if (signs.kubernetes || signs.cgroup.includes('/kubepods')) return 'kubernetes';
  if (signs.podman || signs.named === 'podman') return 'podman';
  if (signs.docker || signs.named === 'docker' || /\/docker[/-]/.test(signs.cgroup)) return 'docker';
  if (signs.named?.startsWith('lxc') === true || signs.cgroup.includes('/lxc')) return 'lxc';
  if (signs.named !== undefined && signs.named !== '') return 'other';
  // An overlay as root file system without any other sign: a container of some kind, or a live system.
  return signs.rootType === undefined || signs.rootType === 'overlay' ? 'unknown' : 'none';
};

/** key="value" lines that podman leaves in the container. */
const readContainerEnv = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const match = /^(\w{1,64})="([^"]{0,1000})"$/.exec(line.trim());
      return match === null || match[2] === '' ? [] : [[match[1]!, match[2]!]];
    }),
  );

const idOf = (text: string): string | undefined => /(?:docker[/-]|containers\/|cri-containerd-|crio-|libpod-|kubepods[^\n]{0,200}\/)([0-9a-f]{64})/.exec(text)?.[1];

const imageOf = (environment: Variables, told: Readonly<Record<string, string>>): Container['image'] => {
  const claimed = environment['TRAINLOCK_IMAGE'];
  if (claimed !== undefined && claimed !== '') {
    const digest = /sha256:[0-9a-f]{64}$/.exec(claimed)?.[0];
    const reference = claimed.replace(/@?sha256:[0-9a-f]{64}$/, '').slice(0, 1024);
    return { ...(reference === '' ? {} : { reference }), ...(digest === undefined ? {} : { digest }), status: 'claimed' };
  }
  const file = environment['APPTAINER_CONTAINER'] ?? environment['SINGULARITY_CONTAINER'];
  if (told['image'] !== undefined) return { reference: told['image'], ...(told['imageid'] === undefined ? {} : { digest: told['imageid'] }), status: 'claimed' };
  return file === undefined || file === '' ? undefined : { reference: file.slice(0, 1024), status: 'claimed' };
};
