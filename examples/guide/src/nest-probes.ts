// #region nest-probes
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { EventBusHealthIndicator } from '@openedx-ts/events-nestjs';

@Controller()
export class Probes {
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
    return this.health.check([() => this.eventBus.ready({ requireBroker: false })]);
  }
}

@Module({ imports: [TerminusModule], controllers: [Probes] })
export class ProbesModule {}
// #endregion nest-probes
