import { BlockList, isIP } from 'node:net';

/** Whether a host name or address is this machine: what is sent there in clear text does not cross a network. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  const version = isIP(bare);
  return version === 0 ? bare === 'localhost' : addresses.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}

const addresses = new BlockList();
addresses.addSubnet('127.0.0.0', 8, 'ipv4');
addresses.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');
addresses.addAddress('::1', 'ipv6');
