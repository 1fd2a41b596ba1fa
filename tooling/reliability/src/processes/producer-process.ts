// A producer: sends its events over the bus that EVENT_BUS names, a number of them at once, and ends.
import { loadBus } from '@openedx-ts/events-core/operate';
import { openJournal } from '../journal/journal.js';
import { beginLife } from './life.js';
import { type ProducerProcessOptions, processOptions } from './process-options.js';
import { sampleProcess } from './sample-process.js';
import { sendItems } from './send-items.js';

const options = processOptions<ProducerProcessOptions>();
const { stopSignal, end } = beginLife();
const sampler = options.sampling && sampleProcess(options.sampling, stopSignal);
const journal = openJournal(options.journal);
const bus = await loadBus(process.env.EVENT_BUS ?? '');
const producer = await bus.createProducer(process.env);
await sendItems(producer, options, { journal, stopSignal });
await producer.close();
journal[Symbol.dispose]();
sampler?.[Symbol.dispose]();
end();
