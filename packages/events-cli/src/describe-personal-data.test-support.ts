import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { expect } from 'vitest';
import { anyMarker } from './marked-data.test-support.js';
import { type BusUnderTest, PersonalDataTest } from './personal-data.test-support.js';

/**
 * Sends marked events of these signals through every failure and command, and expects no marker in any output.
 *
 * @param stop makes the bus accept nothing
 */
export async function expectNoPersonalData(
  bus: BusUnderTest,
  topic: string,
  signals: readonly OpenEdxPublicSignal[],
  stop: () => void = () => {},
): Promise<void> {
  await using test = new PersonalDataTest(bus, topic);
  const dlq = (command: string, ...more: string[]) => test.run('dlq', command, '-t', topic, ...more);
  const ofMail = (command: string, ...more: string[]) => dlq(command, '-g', 'mail', ...more);
  await test.send(signals);
  const count = signals.length + (await test.storePoison());
  await test.failToReceive('mail', count);
  await test.failToReceive('dropping', count, { onFailure: 'drop' });
  await test.failToReceive('stopping', 1, { onFailure: 'stop' });
  expect(await test.noteDeadLetterHeaders('mail')).toBe(count);
  expect(await dlq('list')).toMatchObject({ code: 0 });
  const { stdout } = await ofMail('show', '--payload');
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(count);
  const shown = lines.map(
    (line) => JSON.parse(line) as { readonly event_id: string; readonly data: unknown },
  );
  expect(shown.filter(({ data }) => data !== null).length).toBeGreaterThanOrEqual(signals.length);
  expect(await ofMail('redrive', '--all', '--dry-run')).toMatchObject({ code: 0 });
  expect(await ofMail('purge', '--all', '--dry-run')).toMatchObject({ code: 0 });
  const id = shown[0]?.event_id ?? '';
  expect(await test.run('where', id, '-t', topic)).toMatchObject({ code: 0 });
  expect(await ofMail('redrive', '--all-groups', '--id', id)).toMatchObject({ code: 0 });
  const consume = ['consume', '-t', topic, '-g', 'looking', '--from', 'earliest', '--verbose', '--mask'];
  expect(await test.run(...consume, '--count', String(signals.length))).toMatchObject({ code: 0 });
  for (const command of ['doctor', 'lag']) await test.run(command, '-t', topic, '--debug');
  stop();
  await test.failToSend(signals);
  const outputs = test.outputs();
  const leaks = outputs.filter(({ text }) => anyMarker.test(text));
  expect(leaks.map(({ of, text }) => `${of}: ${text.slice(0, 3_000)}`)).toEqual([]);
  const masked = outputs.filter(({ text }) => text.includes('***'));
  expect([...new Set(masked.map(({ of }) => of))].sort()).toEqual(MASKED);
}

/** The kinds of output in which something was masked: the search would find nothing in outputs that nobody wrote. */
const MASKED = [
  ...['dead letter', 'fact', 'health', 'log', 'openedx-events consume -t', 'openedx-events dlq show'],
  ...['run', 'send', 'sendEvent', 'telemetry of a receiver'],
];
