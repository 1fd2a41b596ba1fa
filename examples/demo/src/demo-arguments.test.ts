import { describe, expect, it } from 'vitest';
import { parseDemoArguments, UsageError } from './demo-arguments.js';

describe('parseDemoArguments', () => {
  it.each([
    [[], {}, { bus: 'memory', events: 1000, outbox: false, json: false, console: false }],
    [[], { EVENT_BUS: 'kafka' }, { bus: 'kafka', events: 1000, outbox: false, json: false, console: false }],
    [
      ['--bus', 'redis', '--events', '7', '--json'],
      {},
      { bus: 'redis', events: 7, outbox: false, json: true, console: false },
    ],
    [['--outbox'], {}, { bus: 'memory', events: 1000, outbox: true, json: false, console: false }],
    [['--console'], {}, { bus: 'memory', events: 1000, outbox: false, json: false, console: true }],
    [['--help'], {}, 'help'],
  ])('reads %j', (argv, env, expected) => {
    expect(parseDemoArguments(argv, env)).toEqual(expected);
  });

  it.each([
    [['--bus', 'kafak'], 'did you mean kafka?'],
    [['--events', '0'], '--events must be a whole number'],
    [['--events', '1e3'], '--events must be a whole number'],
    [['--evnets', '1'], '--evnets'],
    [['run'], 'run'],
  ])('refuses %j', (argv, reason) => {
    expect(() => parseDemoArguments(argv, {})).toThrow(UsageError);
    expect(() => parseDemoArguments(argv, {})).toThrow(reason);
  });
});
