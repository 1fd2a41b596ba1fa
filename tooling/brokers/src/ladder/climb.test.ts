import { describe, expect, it } from 'vitest';
import { BrokerUnavailableError } from './broker-unavailable-error.js';
import { climb } from './climb.js';

const nothing = (name: string) => ({ name, find: async () => `no ${name} here` });
const broken = {
  name: 'broken',
  find: async () => {
    throw new Error('it fell');
  },
};

describe('climb', () => {
  it('uses the first rung that has something and tries no other', async () => {
    const tried: string[] = [];
    const rung = (name: string) => ({
      name,
      find: async () => {
        tried.push(name);
        return { name };
      },
    });
    expect(await climb('Server', [nothing('a'), broken, rung('b'), rung('c')])).toEqual({ name: 'b' });
    expect(tried).toEqual(['b']);
  });

  it('reports for every source why it was not used', async () => {
    const failed = climb('Server', [nothing('a'), broken]);
    await expect(failed).rejects.toBeInstanceOf(BrokerUnavailableError);
    await expect(failed).rejects.toMatchObject({
      broker: 'Server',
      message: 'no Server here: a: no a here; broken: Error: it fell',
      tried: [
        { rung: 'a', reason: 'no a here' },
        { rung: 'broken', reason: 'Error: it fell' },
      ],
    });
  });
});
