// #region nest
import { Body, Controller, Module, Post } from '@nestjs/common';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { route, type StartOptions } from '@openedx-ts/events-core';
import { type EventOf, EventReceiver, EventsModule } from '@openedx-ts/events-nestjs';

const routes = [route(COURSE_CREATED, { topic: 'courses', eventKeyField: 'course.course_key' })];
const consumers = [{ topics: ['courses'], groupId: 'search' }];

@Controller('courses')
export class Courses {
  readonly indexed = new Set<string>();

  @Post()
  async create(@Body() { key }: { key: string }): Promise<void> {
    await COURSE_CREATED.sendEvent({ course: { course_key: key } });
  }

  @EventReceiver(COURSE_CREATED)
  index({ data, fromEventBus }: EventOf<typeof COURSE_CREATED>): void {
    if (fromEventBus) this.indexed.add(data.course.course_key.toString());
  }
}

export function appModule(settings: StartOptions) {
  @Module({ imports: [EventsModule.forRoot({ ...settings, routes, consumers })], controllers: [Courses] })
  class AppModule {}
  return AppModule;
}
// #endregion nest
