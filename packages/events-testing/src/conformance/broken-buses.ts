import * as brokers from './broken-brokers.js';
import { type BrokenBus, brokenBus } from './broken-bus.js';
import * as consumers from './broken-consumers.js';
import * as producers from './broken-producers.js';

/** Buses that are wrong on purpose: the proof that the suite would notice. Every test of it is needed by one of them. */
export function brokenBuses(): readonly BrokenBus[] {
  return [
    ...withBrokenProducers(),
    ...withBrokenConsumers(),
    ...withBrokenDeadLetters(),
    ...withBrokenBrokers(),
  ];
}

function withBrokenProducers(): readonly BrokenBus[] {
  const timers = producers.leavesTimers();
  return [
    // First, as long as no bus that hangs has left something behind that ends later.
    brokenBus('leaves timers', { producer: timers.create, close: async () => timers.clear() }, [
      'leaves no timer and no socket behind',
    ]),
    brokenBus('drops every hundredth event', { producer: producers.dropsEveryHundredth() }, [
      'brings 1,000 events, none lost and none invented',
      'loses nothing when consumers of a group come and go',
    ]),
    brokenBus(
      'publishes every hundredth event twice',
      { producer: producers.publishesEveryHundredthTwice() },
      ['brings 1,000 events, none lost and none invented'],
    ),
    brokenBus('swaps neighbours', { producer: producers.swapsNeighbours }, [
      'keeps the order of a key across the event types of a topic',
      'begins a new group with the event at a position',
    ]),
    brokenBus('loses headers', { producer: producers.losesExtraHeaders }, [
      'brings data, metadata and every header to the receiver',
    ]),
    brokenBus('mixes topics', { producer: producers.mixesTopics }, [
      'tells the consumers of another topic nothing',
      'takes several topics in one consumer',
    ]),
    brokenBus('cuts large payloads', { producer: producers.cutsLargePayloads }, [
      'carries a payload of 1 MB',
    ]),
    brokenBus('takes bytes for text', { producer: producers.takesBytesForText }, [
      'brings data, metadata and every header to the receiver',
    ]),
    brokenBus('takes headers for ASCII', { producer: producers.takesHeadersForAscii }, [
      'carries text beyond ASCII in data, keys and metadata',
    ]),
    brokenBus('takes headers for text', { producer: producers.takesHeadersForText }, [
      'keeps header values that are no text',
    ]),
    brokenBus('keeps one header of a name', { producer: producers.keepsOneHeaderOfAName }, [
      'keeps headers that repeat',
      'dead-letters a message that says its type twice at once, and goes on',
    ]),
    brokenBus('refuses unknown headers', { producer: producers.refusesUnknownHeaders }, [
      'ignores headers that it does not know',
    ]),
    brokenBus('loses keys', { producer: producers.losesKeys }, [
      'keeps the order of a key with one consumer',
      'keeps the order of a key with several consumers',
    ]),
    brokenBus('makes the type part of the key', { producer: producers.keysByType }, [
      'keeps the order of a key across the event types of a topic',
    ]),
    brokenBus('loses messages without a value', { producer: producers.losesTombstones }, [
      'skips a message without a value, reports it, and goes on',
    ]),
    brokenBus('answers before the broker has it', { producer: producers.answersBeforeStoring }, [
      'sends when the broker is back what was sent while it was away',
      'says where it put an event, and the receiver sees it there',
    ]),
    brokenBus('gives up at once', { producer: producers.givesUpAtOnce }, [
      'sends when the broker is back what was sent while it was away',
    ]),
    brokenBus('ignores the prefix', { producer: producers.ignoresPrefix }, [
      'puts the prefix in front of the topic, for both sides',
    ]),
    brokenBus('loses what is falsy', { producer: producers.losesFalsyValues }, [
      'keeps empty values apart from values that are not there',
    ]),
    brokenBus('has producers that never close', { producer: producers.neverCloses }, [
      'a producer sends what is on its way when it is closed, and nothing afterwards',
    ]),
  ];
}

function withBrokenConsumers(): readonly BrokenBus[] {
  return [
    brokenBus('forgets to acknowledge', { consumer: consumers.forgetsToAcknowledge }, [
      'does not deliver again what was handled before a consumer was closed',
      'brings the rest of a batch to another consumer when one leaves',
      "drops poison with onFailure 'drop', reports it, and goes on",
      'close() waits for a receiver that runs, and acknowledges its event',
      'goes on where a group was, wherever a consumer is told to start',
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
      'begins a new group with what is sent from then on (resume)',
      'begins a new group at a time',
    ]),
    brokenBus('reverses batches', { consumer: consumers.reversesBatches }, [
      'keeps the order of a key among sends that overlap',
      'keeps the order of a key with several consumers',
    ]),
    brokenBus('reverses what comes again', { consumer: consumers.reversesRedeliveries }, [
      'keeps the order of a key when events come again after a crash',
    ]),
    brokenBus('drops what comes again', { consumer: consumers.dropsRedeliveries }, [
      'delivers again what was not acknowledged before a crash',
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
      'begins a new group with what is sent from then on (latest)',
      'goes on after the broker was away while nothing happened',
    ]),
    brokenBus('says that it is always well', { consumer: consumers.isAlwaysWell }, [
      'waits without limit for infrastructure that is down, is not ready meanwhile, and goes on afterwards',
      'stopped: close() resolves and changes nothing, also twice',
      'failed: close() resolves and changes nothing, also twice',
    ]),
  ];
}

function withBrokenDeadLetters(): readonly BrokenBus[] {
  return [
    brokenBus('swallows poison and dead letters', { consumer: consumers.swallowsDeadLetters }, [
      'dead-letters bytes that are no event at once, and goes on',
      'dead-letters an event that is cut short at once, and goes on',
      'dead-letters an event with bytes behind its end at once, and goes on',
      'dead-letters a message that does not say its type at once, and goes on',
      'dead-letters a message without an id at once, and goes on',
      'dead-letters a message whose id is no UUID at once, and goes on',
      'dead-letters an event of an unknown type where it is told to, and goes on',
      'can be published again, and then arrive as they first were',
    ]),
    brokenBus('does not wait for dead letters', { consumer: consumers.doesNotWaitForDeadLetters }, [
      'writes a dead letter that could not be written once the broker is back',
    ]),
    brokenBus('loses keys of dead letters', { consumer: consumers.losesKeysOfDeadLetters }, [
      'sets an event aside after the last attempt, with key, value, headers and the facts',
    ]),
    brokenBus('sorts headers of dead letters', { consumer: consumers.sortsHeadersOfDeadLetters }, [
      'sets an event aside after the last attempt, with key, value, headers and the facts',
    ]),
    brokenBus('loses facts of dead letters', { consumer: consumers.losesFactsOfDeadLetters }, [
      'sets an event aside after the last attempt, with key, value, headers and the facts',
    ]),
    brokenBus('shares dead letters among groups', { consumer: consumers.sharesDeadLetters }, [
      'sets aside for one group and not for another',
    ]),
    brokenBus('tries once', { consumer: consumers.triesOnce }, [
      'runs only the receivers again that failed, and sets nothing aside when the last try succeeds',
    ]),
    brokenBus('always drops', { consumer: consumers.alwaysDrops }, [
      'dead-letters bytes that are no event at once, and goes on',
      'dead-letters an event of an unknown type where it is told to, and goes on',
    ]),
    brokenBus('dead-letters unknown types', { consumer: consumers.deadLettersUnknownTypes }, [
      'skips an event of an unknown type, reports it, and goes on',
    ]),
    brokenBus('always dead-letters', { consumer: consumers.alwaysDeadLetters }, [
      "stops at poison with onFailure 'stop', and leaves it",
      "drops poison with onFailure 'drop', reports it, and goes on",
      'failed: stop() changes nothing',
    ]),
  ];
}

function withBrokenBrokers(): readonly BrokenBus[] {
  return [
    brokenBus('shares offsets among groups', { broker: brokers.sharesOffsets() }, [
      'gives every event to each of two groups',
      'keeps groups apart: one that waits does not hold up another, nor does one speak for the other',
    ]),
    brokenBus('gives each consumer everything', { broker: brokers.givesEachConsumerEverything() }, [
      'shares the events of a group among its consumers and gives none twice',
      'goes on where a group was, wherever a consumer is told to start',
    ]),
    brokenBus('always begins at the end', { broker: brokers.alwaysBeginsAtTheEnd() }, [
      'begins a new group with everything there is (earliest)',
    ]),
    brokenBus('always begins at the beginning', { broker: brokers.alwaysBeginsAtTheBeginning() }, [
      'begins a new group with what is sent from then on (resume)',
      'begins a new group with what is sent from then on (latest)',
      'begins a new group at a time',
      'begins a new group with the event at a position',
    ]),
    brokenBus('forgets when it restarts', { broker: new brokers.ForgetfulBroker() }, [
      'loses nothing that was accepted when the broker goes away while events are sent',
    ]),
    brokenBus('takes messages while it is away, and loses them', { broker: new brokers.LyingBroker() }, [
      'sends when the broker is back what was sent while it was away',
      'writes a dead letter that could not be written once the broker is back',
    ]),
    brokenBus('never comes back', { broker: new brokers.BrittleBroker() }, [
      'goes on after the broker was away while nothing happened',
    ]),
  ];
}
