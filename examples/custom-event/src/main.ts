import { eventBus } from '@openedx-ts/event-bus-memory';
import { EventsError, route, startEventBus } from '@openedx-ts/events-core';
import { BOOK_BORROWED } from './book-borrowed.js';

// One route: the events go to the topic library-loans, those of one book in order.
await using bus = await startEventBus({
  bus: eventBus,
  routes: [route(BOOK_BORROWED, { topic: 'library-loans', eventKeyField: 'loan.isbn' })],
});

// The receiving side. Here it runs in the same process; it could be another service.
const arrived = new Promise<void>((resolve) => {
  BOOK_BORROWED.connect(({ data: { loan }, fromEventBus }) => {
    if (!fromEventBus) return; // the same event, when it is sent in this process
    console.log(`due on ${loan.due.iso.slice(0, 10)}: ${loan.title} (ISBN ${loan.isbn.digits})`);
    resolve();
  });
});
const consumer = await bus.createConsumer({ topics: ['library-loans'], groupId: 'reminders' });
void consumer.run();
await consumer.ready;

// The sending side. The data is checked against the definition, and so is the check digit of the ISBN.
const loan = { title: 'Structure and Interpretation of Computer Programs', reader: '4711' };
const due = new Date('2027-01-15T00:00:00Z');
await BOOK_BORROWED.sendEvent({ loan: { ...loan, isbn: '978-0-262-51087-5', due } });
try {
  await BOOK_BORROWED.sendEvent({ loan: { ...loan, isbn: '978-0-262-51087-6', due } });
} catch (error) {
  if (!EventsError.is(error)) throw error;
  console.log(`refused: ${error.message}`);
}

await arrived;
