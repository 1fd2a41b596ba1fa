import 'reflect-metadata';
import {
  Controller,
  Get,
  type INestApplication,
  Inject,
  Injectable,
  Module,
  type ModuleMetadata,
  type OnModuleDestroy,
  Post,
  Scope,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_CATALOG_INFO_CHANGED } from '@openedx-ts/events-catalog/content-authoring/course-catalog-info-changed';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { route, type StartedEventBus } from '@openedx-ts/events-core';
import { isolateSignals } from '@openedx-ts/events-testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EVENT_BUS, EventBusHealthIndicator, type EventOf, EventReceiver, EventsModule } from './index.js';

const course_key = 'course-v1:edX+DemoX+2026';

function options(broker: MemoryBroker) {
  return {
    bus: memoryEventBus(broker),
    routes: [route(COURSE_CREATED, { topic: 'courses', eventKeyField: 'course.course_key' })],
    consumers: [{ topics: ['courses'], groupId: 'search', startFrom: 'earliest' as const }],
  };
}

@Injectable()
class SearchIndex {
  readonly added: string[] = [];
  readonly started = vi.fn();
  isOpen: Promise<void> = Promise.resolve();

  @EventReceiver(COURSE_CREATED)
  async add({ data, fromEventBus }: EventOf<typeof COURSE_CREATED>): Promise<void> {
    if (!fromEventBus) return;
    this.started();
    await this.isOpen;
    this.added.push(data.course.course_key.toString());
  }
}

@Controller()
class Courses {
  @Post('courses')
  async create(): Promise<void> {
    await COURSE_CREATED.sendEvent({ course: { course_key } });
  }
}

let signals: ReturnType<typeof isolateSignals>;
const apps: INestApplication[] = [];
beforeEach(() => {
  signals = isolateSignals({ runtime: { dispatch: 'robust' } });
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  signals.restore();
});

async function start(metadata: ModuleMetadata): Promise<{ app: INestApplication; url: string }> {
  @Module(metadata)
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

function service(broker: MemoryBroker, { imports = [], ...more }: ModuleMetadata = {}): ModuleMetadata {
  const events = EventsModule.forRoot(options(broker));
  return { controllers: [Courses], providers: [SearchIndex], ...more, imports: [events, ...imports] };
}

const createCourse = (url: string) => fetch(`${url}/courses`, { method: 'POST' });

describe('EventsModule', () => {
  it('publishes the event of a request, and runs a method for it when it comes back over the bus', async () => {
    const { app, url } = await start(service(new MemoryBroker()));
    expect((await createCourse(url)).status).toBe(201);
    await vi.waitFor(() => expect(app.get(SearchIndex).added).toEqual([course_key]));
    expect(COURSE_CREATED.receivers).toEqual(['route:courses', 'SearchIndex.add']);
  });

  it('reads its options from other providers', async () => {
    const broker = new MemoryBroker();
    @Module({ providers: [{ provide: 'broker', useValue: broker }], exports: ['broker'] })
    class ConfigModule {}
    const events = EventsModule.forRootAsync({
      imports: [ConfigModule],
      inject: ['broker'],
      useFactory: async (configured: MemoryBroker) => options(configured),
    });
    const { url } = await start({ imports: [events], controllers: [Courses] });
    await createCourse(url);
    await vi.waitFor(() => expect(broker.messages('courses')).toHaveLength(1));
  });

  it('finishes the events in flight before another module is destroyed, and disconnects everything', async () => {
    const order: string[] = [];
    @Injectable()
    class Database implements OnModuleDestroy {
      onModuleDestroy() {
        order.push(`closed after ${index.added.length} event`);
      }
    }
    @Module({ providers: [Database] })
    class DatabaseModule {}
    const { app, url } = await start({
      ...service(new MemoryBroker()),
      imports: [DatabaseModule, EventsModule.forRoot(options(new MemoryBroker()))],
    });
    const index = app.get(SearchIndex);
    let open = () => {};
    index.isOpen = new Promise((resolve) => {
      open = resolve;
    });
    await createCourse(url);
    await vi.waitFor(() => expect(index.started).toHaveBeenCalledOnce());
    const closed = app.close();
    open();
    await closed;
    expect(order).toEqual(['closed after 1 event']);
    expect(COURSE_CREATED.receivers).toEqual([]);
  });

  it('loses no event of an answered request when it stops under load', async () => {
    const broker = new MemoryBroker();
    const { app, url } = await start(service(broker));
    let answered = 0;
    const send = async (): Promise<void> => {
      for (;;) {
        const response = await createCourse(url).catch(() => undefined);
        if (response?.status !== 201) return;
        answered += 1;
      }
    };
    const clients = Array.from({ length: 4 }, send);
    await vi.waitFor(() => expect(answered).toBeGreaterThan(50));
    await app.close();
    await Promise.all(clients);
    expect(broker.messages('courses').length).toBeGreaterThanOrEqual(answered);
  });
});

describe('EventReceiver', () => {
  it('may stand at a method several times, with a name and a policy', async () => {
    class Names {
      readonly seen: string[] = [];

      @EventReceiver(COURSE_CREATED, { name: 'created' })
      @EventReceiver(COURSE_CATALOG_INFO_CHANGED, { policy: { maxAttempts: 1 } })
      note({ signal }: EventOf<typeof COURSE_CREATED> | EventOf<typeof COURSE_CATALOG_INFO_CHANGED>) {
        this.seen.push(signal.eventType);
      }
    }
    const { app, url } = await start(service(new MemoryBroker(), { providers: [Names] }));
    expect(COURSE_CREATED.receivers).toContain('created');
    expect(COURSE_CATALOG_INFO_CHANGED.receivers).toEqual(['Names.note']);
    await createCourse(url);
    expect(app.get(Names).seen).toContain(COURSE_CREATED.eventType);
  });

  it('is refused at a class that Nest creates for each request, and the bus is closed again', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {
      @EventReceiver(COURSE_CREATED)
      note() {}
    }
    await expect(start(service(new MemoryBroker(), { providers: [PerRequest] }))).rejects.toThrow(
      /@EventReceiver on PerRequest\.note: .*created for each request.*default scope/,
    );
    expect(COURSE_CREATED.receivers).toEqual([]);
  });

  it('is refused at a transient class, of which there is no instance to receive events', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class PerUser {
      @EventReceiver(COURSE_CREATED)
      note() {}
    }
    await expect(start(service(new MemoryBroker(), { providers: [PerUser] }))).rejects.toThrow(
      /@EventReceiver on PerUser\.note: .*each place that injects it.*default scope/,
    );
    expect(COURSE_CREATED.receivers).toEqual([]);
  });

  it('is refused when another receiver of the signal has its name', async () => {
    class One {
      @EventReceiver(COURSE_CREATED, { name: 'same' })
      note() {}
    }
    class Other {
      @EventReceiver(COURSE_CREATED, { name: 'same' })
      note() {}
    }
    const starting = start(service(new MemoryBroker(), { providers: [One, Other] }));
    await expect(starting).rejects.toThrow('same');
    expect(COURSE_CREATED.receivers).toEqual([]);
  });

  it('connects a provider once that has an alias', async () => {
    const alias = { provide: 'index', useExisting: SearchIndex };
    await start(service(new MemoryBroker(), { providers: [SearchIndex, alias] }));
    expect(COURSE_CREATED.receivers).toEqual(['route:courses', 'SearchIndex.add']);
  });
});

describe('EventBusHealthIndicator', () => {
  @Controller()
  class Probes {
    @Inject(HealthCheckService)
    private readonly health!: HealthCheckService;

    @Inject(EventBusHealthIndicator)
    private readonly eventBus!: EventBusHealthIndicator;

    @Get('livez')
    live() {
      return this.health.check([() => this.eventBus.live()]);
    }

    @Get('readyz')
    ready() {
      return this.health.check([() => this.eventBus.ready()]);
    }

    @Get('servez')
    serves() {
      return this.health.check([() => this.eventBus.ready({ key: 'courses', requireBroker: false })]);
    }
  }
  @Module({ imports: [TerminusModule], controllers: [Probes] })
  class HealthModule {}

  it('answers the probes of Terminus in any module, and may leave the broker out', async () => {
    const broker = new MemoryBroker();
    const { app, url } = await start(service(broker, { imports: [HealthModule] }));
    const status = async (path: string) => (await fetch(`${url}/${path}`)).status;
    await vi.waitFor(async () => expect(await status('readyz')).toBe(200));
    broker.stop();
    expect((await createCourse(url)).status).toBe(201); // its event waits
    await vi.waitFor(async () => expect(await status('readyz')).toBe(503));
    expect(await status('livez')).toBe(200);
    expect((await createCourse(url)).status).toBe(201);
    const { reasons } = app.get<StartedEventBus>(EVENT_BUS).health();
    expect(await (await fetch(`${url}/servez`)).json()).toMatchObject({
      status: 'ok',
      details: { courses: { status: 'up', reasons } },
    });
    broker.start();
  });
});
