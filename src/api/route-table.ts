import type { FastifyInstance } from 'fastify';

/** A path of this server as its router has it, with parameters as `:name`, and the methods it takes. */
export interface KnownPath {
  readonly path: string;
  readonly methods: ReadonlySet<string>;
}

/** Every route of the server, noted as it is registered: what the router finds by path and method is asked here by path alone. */
export class RouteTable {
  private readonly known = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  /** Watches the routes of a server; before the first one is registered. */
  static of(server: FastifyInstance): RouteTable {
    const table = new RouteTable();
    server.addHook('onRoute', ({ url, method }) => table.add(url, [method].flat()));
    return table;
  }

  get paths(): KnownPath[] {
    return [...this.known].map(([path, { methods }]) => ({ path, methods }));
  }

  /** The methods that the resource at a URL takes, in order; none where there is no such resource. */
  methodsAt(url: string): string[] {
    const path = url.split('?', 1)[0].replace(/(?<=.)\/$/, '');
    const found = [...this.known.values()].filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]);
    return [...new Set(found)].sort();
  }

  private add(url: string, methods: readonly string[]): void {
    const path = url.replace(/(?<=.)\/$/, '');
    // A route for everything is no resource.
    if (path === '*' || path === '/*' || path === '') return;
    const known = this.known.get(path) ?? { pattern: patternOf(path), methods: new Set<string>() };
    for (const method of methods) known.methods.add(method);
    this.known.set(path, known);
  }
}

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .split('/')
      .map((segment) => (segment === '*' ? '.+' : segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/')}$`,
  );
