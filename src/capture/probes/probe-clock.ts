import type { Run } from '#manifest';
import type { Host } from './host.ts';

/** Whether the system says that its clock follows a time source; no answer is unknown. */
export const probeClock = async (host: Host): Promise<Run['clock']> => {
  // systemd-timesyncd leaves this file once it has synchronised.
  if (await host.exists('/run/systemd/timesync/synchronized')) return { source: 'system', synchronised: 'yes' };
  const told = await host.run('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeoutMs: 2000 });
  const word = told.kind === 'ended' && told.code === 0 ? told.stdout.toString('utf8').trim() : '';
  return { source: 'system', synchronised: word === 'yes' ? 'yes' : word === 'no' ? 'no' : 'unknown' };
};
