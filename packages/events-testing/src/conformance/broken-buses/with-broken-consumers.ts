import { type BrokenBus, brokenBus } from './broken-bus.js';
import * as consumers from './broken-consumers.js';

/** Buses whose consumer is wrong. */
export function withBrokenConsumers(): readonly BrokenBus[] {
  return [
    brokenBus('forgets to acknowledge', { consumer: consumers.forgetsToAcknowledge }, [
      'does not deliver again what was handled before a consumer was closed',
      'brings the rest of a batch to another consumer when one leaves',
      "drops poison with onFailure 'drop', reports it, and goes on",
      'close() waits for a receiver that runs, and acknowledges its event',
      'goes on where a group was, wherever a consumer is told to start',
      'is done with an event that its receiver drops',
    ]),
    brokenBus(
      'forgets to acknowledge after an outage',
      { consumer: consumers.forgetsToAcknowledgeAfterAnOutage },
      ['acknowledges after an outage what was handled during it'],
    ),
    brokenBus('acknowledges on receipt', { consumer: consumers.acknowledgesOnReceipt }, [
      'delivers again what was not acknowledged before a crash',
      'brings the rest of a batch to another consumer when one leaves',
      'gives up an event that is not finished by the drain timeout, and delivers it again',
      'does not acknowledge an event whose dead letter cannot be written',
      'delivers again what was unfinished at a crash, although later events of other keys were handled',
      'delivers again what was not handled when a consumer was closed, although later events of other keys were',
    ]),
    brokenBus('acknowledges all when it leaves', { consumer: consumers.acknowledgesAllWhenItLeaves }, [
      'stops at an event of an unknown type where it is told to, and leaves it',
      "stops at poison with onFailure 'stop', and leaves it",
      "leaves an event whose receivers fail with onFailure 'stop'",
    ]),
    brokenBus('acknowledges rarely', { consumer: consumers.acknowledgesRarely }, [
      'delivers again only the event in hand when each one is acknowledged',
    ]),
    brokenBus('delivers twice', { consumer: consumers.deliversTwice }, [
      'brings 1,000 events, none lost and none invented',
      'begins a new group with what is sent from then on',
      'begins a new group at a time',
    ]),
    brokenBus('reverses batches', { consumer: consumers.reversesBatches }, [
      'keeps the order of a key among sends that overlap',
      'keeps the order of a key with several consumers',
      'keeps the order of each key while different keys are handled at once',
    ]),
    brokenBus('reverses what comes again', { consumer: consumers.reversesRedeliveries }, [
      'keeps the order of a key when events come again after a crash',
    ]),
    brokenBus('drops what comes again', { consumer: consumers.dropsRedeliveries }, [
      'delivers again what was not acknowledged before a crash',
    ]),
    brokenBus('handles one event at a time', { consumer: consumers.handlesOneAtATime }, [
      'does not let a slow key hold up others',
      'does not let a key that waits for infrastructure hold up others, and is not ready meanwhile',
    ]),
    brokenBus('waits for a receiver for ever', { consumer: consumers.waitsForEver }, [
      'gives up a receiver that hangs, tells it, sets its event aside, and goes on',
    ]),
    brokenBus('counts no deliveries', { consumer: consumers.countsNoDeliveries }, [
      'sets aside untried an event that ended the process again and again, and no other',
    ]),
    brokenBus('counts every delivery', { consumer: consumers.countsEveryDelivery }, [
      'sets aside untried an event that ended the process again and again, and no other',
      'sets nothing aside that was in hand whenever its consumer stopped in good order',
    ]),
    brokenBus('drops other types', { consumer: consumers.dropsOtherTypes }, [
      'carries several event types on one topic',
    ]),
    brokenBus('says wrong positions', { consumer: consumers.saysWrongPositions }, [
      'says where it put an event, and the receiver sees it there',
    ]),
    brokenBus('chokes on messages without a value', { consumer: consumers.chokesOnTombstones }, [
      'skips a message without a value, reports it, and goes on',
    ]),
    brokenBus('makes a lane of each event', { consumer: consumers.losesLanes }, [
      'holds back the events of a key while one before them is tried again',
    ]),
    brokenBus('takes the first topic only', { consumer: consumers.takesTheFirstTopicOnly }, [
      'takes several topics in one consumer',
    ]),
    brokenBus('dies with the broker', { consumer: consumers.diesWithTheBroker }, [
      'waits for a broker that is not there at the start, and then works',
    ]),
    brokenBus('fails when the broker does', { consumer: consumers.failsWhenTheBrokerDoes }, [
      'acknowledges after an outage what was handled during it',
      'loses nothing when the broker goes away while events are in hand',
    ]),
    brokenBus('hangs on close', { consumer: consumers.hangsOnClose }, [
      'close() returns while the broker is away',
      'close() returns within a second while it waits on an empty topic',
    ]),
    brokenBus('is deaf when idle', { consumer: consumers.isDeafWhenIdle }, [
      'close() returns within a second while it waits on an empty topic',
      'running: stop() makes run() resolve',
    ]),
    brokenBus('closes at once', { consumer: consumers.closesAtOnce }, [
      'close() waits for a receiver that runs, and acknowledges its event',
      'running: close() makes run() resolve first',
      'stopping: close() waits for the event in hand',
    ]),
    brokenBus('never drains', { consumer: consumers.neverDrains }, [
      'close() waits for a receiver that runs, and acknowledges its event',
    ]),
    brokenBus('drains for ever', { consumer: consumers.drainsForEver }, [
      'gives up an event that is not finished by the drain timeout, and delivers it again',
    ]),
    brokenBus('ignores stop', { consumer: consumers.ignoresStop }, [
      'idle: run() starts it',
      'idle: stop() ends it, and a later run() resolves at once',
      'running: stop() makes run() resolve',
      'stopping: stop() changes nothing',
      'stopped: stop() changes nothing',
    ]),
    brokenBus('ignores abort signals', { consumer: consumers.ignoresAbortSignals }, [
      'an abort signal stops it, one that fired before as well',
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
      'begins a new group with what is sent from then on',
      'goes on after the broker was away while nothing happened',
    ]),
    brokenBus('says that it is always well', { consumer: consumers.isAlwaysWell }, [
      'waits without limit for infrastructure that is down, is not ready meanwhile, and goes on afterwards',
      'stopped: close() resolves and changes nothing, also twice',
      'failed: close() resolves and changes nothing, also twice',
    ]),
  ];
}
