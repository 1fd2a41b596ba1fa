import { describe, expect, it } from 'vitest';
import { fencedCommand, unfenced } from './fenced-command.js';

const command = ['XACK', 's', 'g', '1-0'];

describe('a fenced command', () => {
  it('passes both keys, the token and the command to the script', () => {
    const [name, script, ...args] = fencedCommand({ leaseKey: 's.g.lease', token: 'me' }, 's', command);
    expect(name).toBe('EVAL');
    expect(script).toContain("redis.pcall('GET', KEYS[1]) ~= ARGV[1]");
    expect(args).toEqual(['2', 's.g.lease', 's', 'me', ...command]);
  });

  it('is unwrapped for messages; any other command stays as it is', () => {
    expect(unfenced(fencedCommand({ leaseKey: 'l', token: 't' }, 's', command))).toEqual(command);
    expect(unfenced(command)).toEqual(command);
  });
});
