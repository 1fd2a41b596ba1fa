import { string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { defineSignal } from '../signals/define-signal.js';
import { silentLogger } from './logger.js';
import { configureEvents } from './runtime.js';

// A program that configures nothing (with an argument: silence) and whose receiver throws three times.
if (process.argv.length > 2) configureEvents({ logger: silentLogger });
const SENT = defineSignal({
  eventType: 'org.openedx.core.item.sent.v1',
  data: { item: record('UnconfiguredItem', { name: string() }) },
});
SENT.connect(
  () => {
    throw new Error('no mail server');
  },
  { name: 'mail' },
);
for (const name of ['a', 'b', 'c']) await SENT.sendEvent({ item: { name } });
