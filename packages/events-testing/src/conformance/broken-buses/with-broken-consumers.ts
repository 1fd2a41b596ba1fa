import { type BrokenBus, brokenBus } from './broken-bus.js';
import * as consumers from './broken-consumers.js';
import * as leaving from './broken-leaving.js';

/** Buses whose consumer is wrong. */
export function withBrokenConsumers(): readonly BrokenBus[] {
  return [
    brokenBus('forgets to acknowledge', { consumer: consumers.forgetsToAcknowledge }, [
      'does not redeliver events that were processed before a consumer was closed',
      'delivers the rest of a batch to another consumer when one leaves',
      "drops poison with onFailure 'drop', reports it, and continues",
      'close() waits for a receiver that runs, and acknowledges its event',
      'resumes at the position of a group, whatever startFrom is',
      'acknowledges an event that its receiver drops',
    ]),
    brokenBus(
      'forgets to acknowledge after an outage',
      { consumer: consumers.forgetsToAcknowledgeAfterAnOutage },
      ['acknowledges after an outage the events that were processed during it'],
    ),
    brokenBus('forgets what was processed ahead', { consumer: consumers.forgetsWhatIsAhead }, [
      'repeats nothing that was processed or dead-lettered behind an event that backs off when its consumer is closed',
      'repeats nothing that was processed or dead-lettered behind an event that backs off when a consumer joins',
    ]),
    brokenBus('acknowledges on receipt', { consumer: consumers.acknowledgesOnReceipt }, [
      'redelivers the events that were not acknowledged before a crash',
      'delivers the rest of a batch to another consumer when one leaves',
      'abandons an event that is not finished within the drain timeout, and redelivers it',
      'does not acknowledge an event whose dead letter cannot be written',
      'redelivers an event that was in flight at a crash, although later events of other keys were processed',
      'redelivers events that were not processed when a consumer was closed, although later events of other keys were',
    ]),
    brokenBus('acknowledges all when it leaves', { consumer: leaving.acknowledgesAllWhenItLeaves }, [
      "stops at an event of an unknown type with unknownType 'stop', and does not acknowledge it",
      "stops at poison with onFailure 'stop', and does not acknowledge it",
      "stops at an event whose receivers fail with onFailure 'stop', and does not acknowledge it",
    ]),
    brokenBus('acknowledges rarely', { consumer: consumers.acknowledgesRarely }, [
      'redelivers only unacknowledged events when every event is acknowledged by itself',
    ]),
    brokenBus('delivers twice', { consumer: consumers.deliversTwice }, [
      'delivers 1,000 events, each once',
      'starts a new group with the events sent from then on',
      'starts a new group at a time',
    ]),
    brokenBus('reverses batches', { consumer: consumers.reversesBatches }, [
      'keeps the order of a key among sends that overlap',
      'keeps the order of a key with several consumers',
      'keeps the order of each key while events of different keys are processed concurrently',
    ]),
    brokenBus('reverses redeliveries', { consumer: consumers.reversesRedeliveries }, [
      'keeps the order of a key when events are redelivered after a crash',
    ]),
    brokenBus('drops redeliveries', { consumer: consumers.dropsRedeliveries }, [
      'redelivers the events that were not acknowledged before a crash',
    ]),
    brokenBus('processes one event at a time', { consumer: consumers.processesOneAtATime }, [
      'does not let a slow key hold up others',
      'does not let a key that waits for infrastructure hold up others, and is not ready meanwhile',
    ]),
    brokenBus('waits for a receiver for ever', { consumer: consumers.waitsForEver }, [
      'aborts a receiver that hangs, dead-letters its event, and continues',
    ]),
    brokenBus('reports nothing as unread', { consumer: consumers.reportsNothingUnread, timeoutMs: 1_500 }, [
      'is not ready while events wait that its reader does not return, until it does',
    ]),
    brokenBus('is not ready while it is busy', { consumer: consumers.isNotReadyWhileBusy }, [
      'is ready while no event waits, and while a receiver runs within its time limit',
    ]),
    brokenBus('counts no deliveries', { consumer: consumers.countsNoDeliveries }, [
      'dead-letters an event that crashes its process each time, without running it again, and no other event',
    ]),
    brokenBus('counts every delivery', { consumer: consumers.countsEveryDelivery }, [
      'dead-letters an event that crashes its process each time, without running it again, and no other event',
      'dead-letters no event that was in flight each time its consumer stopped gracefully',
    ]),
    brokenBus('drops other types', { consumer: consumers.dropsOtherTypes }, [
      'carries several event types on one topic',
    ]),
    brokenBus('gives wrong positions', { consumer: consumers.givesWrongPositions }, [
      'returns the position of an event, and the receiver sees the same',
    ]),
    brokenBus('chokes on messages without a value', { consumer: consumers.chokesOnTombstones }, [
      'skips a message without a value, reports it, and continues',
    ]),
    brokenBus('makes a lane of each event', { consumer: consumers.losesLanes }, [
      'holds back the events of a key while an earlier one is retried',
    ]),
    brokenBus('consumes the first topic only', { consumer: consumers.consumesTheFirstTopicOnly }, [
      'consumes several topics in one consumer',
    ]),
    brokenBus('dies with the broker', { consumer: consumers.diesWithTheBroker }, [
      'waits for a broker that is unreachable at the start, and then consumes',
    ]),
    brokenBus('fails when the broker does', { consumer: consumers.failsWhenTheBrokerDoes }, [
      'acknowledges after an outage the events that were processed during it',
      'loses no event when the broker becomes unreachable while events are in flight',
    ]),
    brokenBus('hangs on close', { consumer: consumers.hangsOnClose }, [
      'close() returns while the broker is unreachable',
      'close() returns within a second while it waits on an empty topic',
    ]),
    brokenBus('is deaf when idle', { consumer: consumers.isDeafWhenIdle }, [
      'close() returns within a second while it waits on an empty topic',
      'running: stop() makes run() resolve',
    ]),
    brokenBus('closes at once', { consumer: consumers.closesAtOnce }, [
      'close() waits for a receiver that runs, and acknowledges its event',
      'running: close() makes run() resolve first',
      'stopping: close() waits for the event in flight',
    ]),
    brokenBus('skips what arrives when it leaves', { consumer: leaving.skipsWhatArrivesWhenItLeaves }, [
      'a graceful stop loses nothing that arrives meanwhile',
    ]),
    brokenBus('never drains', { consumer: consumers.neverDrains }, [
      'close() waits for a receiver that runs, and acknowledges its event',
    ]),
    brokenBus('drains for ever', { consumer: consumers.drainsForEver }, [
      'abandons an event that is not finished within the drain timeout, and redelivers it',
    ]),
    brokenBus('ignores stop', { consumer: consumers.ignoresStop }, [
      'idle: run() starts it',
      'idle: stop() ends it, and a later run() resolves at once',
      'running: stop() makes run() resolve',
      'stopping: stop() changes nothing',
      'stopped: stop() changes nothing',
    ]),
    brokenBus('ignores abort signals', { consumer: consumers.ignoresAbortSignals }, [
      'an abort signal stops it, also when it fired before run()',
    ]),
    brokenBus('runs twice', { consumer: consumers.runsTwice }, [
      'running: run() is refused, and it runs on',
      'stopping: run() is refused',
      'stopped: run() is refused',
      'failed: run() is refused',
    ]),
    brokenBus('runs after a stop', { consumer: consumers.runsAfterStop }, [
      'idle: stop() ends it, and a later run() resolves at once',
      'idle: close() ends it, and a later run() resolves at once',
    ]),
    brokenBus('is ready too early', { consumer: consumers.isReadyTooEarly }, [
      'ready rejects when it is stopped before',
      'consumes again after the broker was unreachable while the topic was idle',
    ]),
    brokenBus('always reports itself healthy', { consumer: consumers.isAlwaysHealthy, timeoutMs: 1_500 }, [
      'waits without limit for infrastructure that is down, is not ready until it is back, and then continues',
      'is not ready while an event is not finished in time, and gives the reason until it is',
      'is not ready while events wait that its reader does not return, until it does',
      'stopped: close() resolves and changes nothing, also twice',
      'failed: close() resolves and changes nothing, also twice',
    ]),
  ];
}
