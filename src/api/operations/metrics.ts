import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/database.js';
import { asServer } from '../../database/scope.js';
import { scrubState } from '../../archive/scrub.sql.js';
import { countWork } from '../../work/work.sql.js';

/** What Prometheus scrapes (text format 0.0.4). Labels are routes and codes, never ids. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'wetread_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.registry],
  });
  private readonly work = new Gauge({
    name: 'wetread_work_items',
    help: 'Work items by kind and state',
    labelNames: ['kind', 'state'],
    registers: [this.registry],
  });

  private readonly damaged = new Gauge({
    name: 'wetread_damaged_objects',
    help: 'Stored objects that were damaged or missing when they were last read',
    registers: [this.registry],
  });
  private readonly scrubbed = new Gauge({
    name: 'wetread_scrubbed_bytes',
    help: 'Bytes read again in this round of the scrubber',
    labelNames: ['round'],
    registers: [this.registry],
  });

  constructor(private readonly database: Database) {
    collectDefaultMetrics({ register: this.registry, prefix: 'wetread_' });
  }

  observe(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      this.requests.observe(
        { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
        reply.elapsedTime / 1_000,
      );
      done();
    });
  }

  async text(): Promise<{ contentType: string; body: string }> {
    this.work.reset();
    for (const { kind, state, count } of await asServer(() => this.database.statement(countWork))) this.work.set({ kind, state }, count);
    const { damaged, round, bytes } = await asServer(() => this.database.statement(scrubState));
    this.damaged.set(damaged);
    this.scrubbed.reset();
    this.scrubbed.set({ round }, bytes);
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }
}
