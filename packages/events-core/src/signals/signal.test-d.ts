import { describe, expectTypeOf, it } from 'vitest';
import type { OutgoingEvent, Producer } from '../producing/producer.js';
import { route } from '../routes/route.js';
import { DateTime } from '../shapes/date-time.js';
import { datetime } from '../shapes/datetime.js';
import { list } from '../shapes/list.js';
import { optional } from '../shapes/optional.js';
import { bytes, long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { withDefault } from '../shapes/with-default.js';
import { defineSignal } from './define-signal.js';
import type { KeyPathOf, OpenEdxPublicSignal, ReceivedData, ReceiverResult, SentData } from './signal.js';

const USER_REGISTERED = defineSignal({
  eventType: 'org.openedx.learning.user.registered.v1',
  data: {
    user: record('UserData', {
      id: long(),
      nickname: optional(string()),
      language: withDefault(string(), 'en'),
      joined: datetime(),
      tags: list(string()),
      photo: bytes(),
      pii: record('Pii', { username: string(), email: optional(string()) }),
    }),
  },
});
const user = { id: 1, joined: new Date(), tags: [], photo: new Uint8Array(), pii: { username: 'ada' } };
declare const producer: Producer;
declare const metadata: OutgoingEvent['metadata'];

describe('defineSignal', () => {
  it('accepts event types that follow the grammar, and others only with a reason', () => {
    const data = { name: string() };
    defineSignal({ eventType: 'org.openedx.learning.xblock.skill.verified.v1', data });
    defineSignal({ eventType: 'com.example.shop.very.valuable.view.viewed.v12', data });
    defineSignal({
      eventType: 'org.openedx.authz.role_assignment.created',
      irregularEventType: 'published so',
      data,
    });
    // @ts-expect-error no version
    defineSignal({ eventType: 'org.openedx.authz.role_assignment.created', data });
    // @ts-expect-error too few parts
    defineSignal({ eventType: 'learning.created.v1', data });
    // @ts-expect-error a version that is no number
    defineSignal({ eventType: 'org.openedx.learning.user.registered.vX', data });
  });

  it('accepts payload keys that are always there', () => {
    const eventType = 'org.openedx.learning.user.registered.v1';
    // @ts-expect-error optional
    defineSignal({ eventType, data: { user: optional(string()) } });
    // @ts-expect-error with a default
    defineSignal({ eventType, data: { user: withDefault(string(), 'x') } });
    // @ts-expect-error no shape
    defineSignal({ eventType, data: { user: 'string' } });
    // @ts-expect-error an unknown option
    defineSignal({ eventType, data: { user: string() }, version: 1 });
  });

  it('accepts key paths that exist', () => {
    const eventType = 'org.openedx.learning.user.registered.v1';
    const data = { user: record('U', { id: long(), name: optional(string()) }) };
    defineSignal({ eventType, data, eventKeyField: 'user.id' });
    // @ts-expect-error there is no such field
    defineSignal({ eventType, data, eventKeyField: 'user.key' });
    // @ts-expect-error a record is no key
    defineSignal({ eventType, data, eventKeyField: 'user' });
    // @ts-expect-error what is optional is no key
    defineSignal({ eventType, data, eventKeyField: 'user.name' });
  });
});

describe('a signal', () => {
  it('has types that nobody wrote twice', () => {
    expectTypeOf<SentData<typeof USER_REGISTERED>>().toEqualTypeOf<{
      readonly user: {
        readonly id: number;
        readonly nickname?: string | null | undefined;
        readonly language?: string | undefined;
        readonly joined: Date | DateTime | string;
        readonly tags: readonly string[];
        readonly photo: Uint8Array;
        readonly pii: { readonly username: string; readonly email?: string | null | undefined };
      };
    }>();
    expectTypeOf<ReceivedData<typeof USER_REGISTERED>['user']['joined']>().toEqualTypeOf<DateTime>();
    expectTypeOf<ReceivedData<typeof USER_REGISTERED>['user']['nickname']>().toEqualTypeOf<string | null>();
    expectTypeOf<ReceivedData<typeof USER_REGISTERED>['user']['language']>().toEqualTypeOf<string>();
    expectTypeOf<KeyPathOf<typeof USER_REGISTERED>>().toEqualTypeOf<
      'user.id' | 'user.joined' | 'user.language' | 'user.pii.username'
    >();
  });

  it('sends what fits, and nothing else', () => {
    expectTypeOf(USER_REGISTERED.sendEvent({ user })).resolves.toEqualTypeOf<readonly ReceiverResult[]>();
    void USER_REGISTERED.sendEvent({
      user: { ...user, nickname: null, language: 'de', joined: DateTime.parse('x') },
    });
    // @ts-expect-error another type
    void USER_REGISTERED.sendEvent({ user: { ...user, id: '1' } });
    // @ts-expect-error null where it is not optional
    void USER_REGISTERED.sendEvent({ user: { ...user, language: null } });
    // @ts-expect-error a field is missing
    void USER_REGISTERED.sendEvent({ user: { id: 1 } });
    // @ts-expect-error an unknown payload key
    void USER_REGISTERED.sendEvent({ user, usr: user });
    // @ts-expect-error no data
    void USER_REGISTERED.sendEvent();
    // @ts-expect-error an unknown option
    void USER_REGISTERED.sendEvent({ user }, { robust: true });
    // @ts-expect-error an option of another type
    void USER_REGISTERED.sendEvent({ user }, { loud: 'yes' });
  });

  it('types what receivers get', () => {
    USER_REGISTERED.connect(({ data, metadata, fromEventBus, signal }) => {
      expectTypeOf(data.user.pii.email).toEqualTypeOf<string | null>();
      expectTypeOf(metadata.time).toEqualTypeOf<DateTime>();
      expectTypeOf(fromEventBus).toEqualTypeOf<boolean>();
      expectTypeOf(signal).toEqualTypeOf(USER_REGISTERED);
      // @ts-expect-error receivers share the data: it is not theirs to change
      data.user.id = 2;
      // @ts-expect-error nor are lists in it
      data.user.tags.push('x');
    });
    // @ts-expect-error data that the event does not have
    USER_REGISTERED.connect(({ data }) => data.course);
    // @ts-expect-error an unknown option
    USER_REGISTERED.connect(() => {}, { nmae: 'x' });
  });

  it('fits where any signal is wanted, and one found by type can be sent loosely', () => {
    const any = USER_REGISTERED as unknown as OpenEdxPublicSignal;
    expectTypeOf(any.eventType).toEqualTypeOf<string>();
  });
});

describe('route and send', () => {
  it('know the key paths of the event', () => {
    route(USER_REGISTERED, { topic: 'users', eventKeyField: 'user.pii.username' });
    // @ts-expect-error a typo in the path
    route(USER_REGISTERED, { topic: 'users', eventKeyField: 'user.pii.usernmae' });
    // @ts-expect-error what is optional is no key
    route(USER_REGISTERED, { topic: 'users', eventKeyField: 'user.pii.email' });
    // @ts-expect-error bytes are no key
    route(USER_REGISTERED, { topic: 'users', eventKeyField: 'user.photo' });
    // @ts-expect-error an unknown option
    route(USER_REGISTERED, { topic: 'users', eventKeyField: 'user.id', active: true });

    const outgoing = { signal: USER_REGISTERED, topic: 'users', metadata };
    void producer.send({ ...outgoing, eventKeyField: 'user.id', data: { user } });
    // @ts-expect-error a path that does not exist
    void producer.send({ ...outgoing, eventKeyField: 'user.key', data: { user } });
    // @ts-expect-error data that does not fit
    void producer.send({ ...outgoing, eventKeyField: 'user.id', data: { user: { id: 1 } } });
  });
});
