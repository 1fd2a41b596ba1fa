import { type BrokenBus, brokenBus } from './broken-bus.js';
import * as consumers from './broken-consumers.js';
import * as letters from './broken-dead-letters.js';

/** Buses that give up on events in the wrong way. */
export function withBrokenDeadLetters(): readonly BrokenBus[] {
  return [
    brokenBus('swallows poison and dead letters', { consumer: letters.swallowsDeadLetters }, [
      'dead-letters bytes that are no event at once, and goes on',
      'dead-letters an event that is cut short at once, and goes on',
      'dead-letters an event with bytes behind its end at once, and goes on',
      'dead-letters a message that does not say its type at once, and goes on',
      'dead-letters a message without an id at once, and goes on',
      'dead-letters a message whose id is no UUID at once, and goes on',
      'dead-letters an event of an unknown type where it is told to, and goes on',
      'can be published again, and then arrive as they first were',
      'sets an event aside at once that its receiver parks',
    ]),
    brokenBus('does not wait for dead letters', { consumer: letters.doesNotWaitForDeadLetters }, [
      'writes a dead letter that could not be written once the broker is back',
    ]),
    brokenBus('loses keys of dead letters', { consumer: letters.losesKeysOfDeadLetters }, [
      'sets an event aside after the last attempt, with key, value, headers and the facts',
    ]),
    brokenBus('sorts headers of dead letters', { consumer: letters.sortsHeadersOfDeadLetters }, [
      'sets an event aside after the last attempt, with key, value, headers and the facts',
    ]),
    brokenBus('loses facts of dead letters', { consumer: letters.losesFactsOfDeadLetters }, [
      'sets an event aside after the last attempt, with key, value, headers and the facts',
    ]),
    brokenBus('shares dead letters among groups', { consumer: letters.sharesDeadLetters }, [
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
