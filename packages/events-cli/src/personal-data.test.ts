import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectNoPersonalData } from './describe-personal-data.test-support.js';
import { broker, eventBus, showBrokerToOperators, showToOperators } from './memory-bus.test-support.js';
import { personalSignals } from './personal-data.test-support.js';

beforeEach(() => showBrokerToOperators());
afterEach(() => {
  broker.start();
  showToOperators(undefined);
});

it('no personal value of any event of the catalogue is in any output, whatever fails', async () => {
  const bus = { plugin: eventBus, args: ['--bus', './memory-bus.test-support.ts'], env: {}, unreachable: {} };
  const signals = await personalSignals();
  expect(signals.length).toBeGreaterThan(30);
  await expectNoPersonalData(bus, 'personal', signals, () => broker.stop());
});
