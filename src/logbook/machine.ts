import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { toHex, utf8 } from '#base';
import { nodeCrypto } from '#files';

/**
 * The name under which this machine keeps its log: 16 hexadecimal digits. They are a digest, so that the name tells nobody which machine
 * it is. Machines without an id (some containers) are told apart by the name of the host.
 * Source: machine-id(5), which asks that the id itself is not given away.
 */
export const machineName = (machineId: string = readMachineId(), host: string = hostname()): string => {
  const id = machineId.trim();
  return toHex(nodeCrypto.sha256(utf8(`trainlock log of ${id === '' ? host : id}`))).slice(0, 16);
};

const readMachineId = (): string => {
  try {
    return readFileSync('/etc/machine-id', 'utf8');
  } catch {
    return '';
  }
};
