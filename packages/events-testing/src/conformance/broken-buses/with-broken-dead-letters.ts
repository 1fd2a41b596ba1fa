import { type BrokenBus, brokenBus } from './broken-bus.js';
import * as consumers from './broken-consumers.js';
import * as deadLetters from './broken-dead-letters.js';

/** Buses that dead-letter or discard events wrongly. */
export function withBrokenDeadLetters(): readonly BrokenBus[] {
  return [
    brokenBus('swallows poison and dead letters', { consumer: deadLetters.swallowsDeadLetters }, [
      'dead-letters bytes that are not an event at once, and continues',
      'dead-letters an event that is cut short at once, and continues',
      'dead-letters an event with bytes behind its end at once, and continues',
      'dead-letters a message without an event type at once, and continues',
      'dead-letters a message without an id at once, and continues',
      'dead-letters a message whose id is not a UUID at once, and continues',
      "dead-letters an event of an unknown type with unknownType 'dead-letter', and continues",
      'delivers a redriven dead letter like the original event',
      'dead-letters an event at once when its receiver throws DeadLetterEventError',
    ]),
    brokenBus('does not wait for dead letters', { consumer: deadLetters.doesNotWaitForDeadLetters }, [
      'writes a dead letter that could not be written once the broker is back',
    ]),
    brokenBus('loses keys of dead letters', { consumer: deadLetters.losesKeysOfDeadLetters }, [
      'dead-letters an event after the last attempt, with its key, value, headers and the facts of the failure',
    ]),
    brokenBus('sorts headers of dead letters', { consumer: deadLetters.sortsHeadersOfDeadLetters }, [
      'dead-letters an event after the last attempt, with its key, value, headers and the facts of the failure',
    ]),
    brokenBus('loses facts of dead letters', { consumer: deadLetters.losesFactsOfDeadLetters }, [
      'dead-letters an event after the last attempt, with its key, value, headers and the facts of the failure',
    ]),
    brokenBus('shares dead letters among groups', { consumer: deadLetters.sharesDeadLetters }, [
      'dead-letters an event for the group that fails and for no other',
    ]),
    brokenBus(
      'fails at the first dead letter of an unusual group',
      { consumer: deadLetters.failsAtUnusualGroups },
      [
        'with a colon',
        'with a space',
        'with a slash',
        'with characters beyond ASCII',
        'of 240 characters',
      ].map((kind) => `refuses a group id ${kind}, or dead-letters its events as those of any other group`),
    ),
    brokenBus('fails at large dead letters', { consumer: deadLetters.failsAtLargeDeadLetters }, [
      'is not stopped by a dead letter that is too large, and keeps what is needed to send its event again',
    ]),
    brokenBus('tries once', { consumer: consumers.triesOnce }, [
      'retries only the receivers that failed, and dead-letters nothing when the last attempt succeeds',
    ]),
    brokenBus('always drops', { consumer: consumers.alwaysDrops }, [
      'dead-letters bytes that are not an event at once, and continues',
      "dead-letters an event of an unknown type with unknownType 'dead-letter', and continues",
    ]),
    brokenBus('dead-letters unknown types', { consumer: consumers.deadLettersUnknownTypes }, [
      'skips an event of an unknown type, reports it, and continues',
    ]),
    brokenBus('always dead-letters', { consumer: consumers.alwaysDeadLetters }, [
      "stops at poison with onFailure 'stop', and does not acknowledge it",
      "drops poison with onFailure 'drop', reports it, and continues",
      'failed: stop() changes nothing',
    ]),
  ];
}
