/**
 * The base of every fault: a thing that can go wrong and that a caller is told about.
 * The message never holds PHI; `code` is stable, clients switch on it; `status` is the HTTP status of all wires.
 */
export abstract class Fault extends Error {
  abstract readonly code: string;
  abstract readonly status: number;

  override get name(): string {
    return this.constructor.name;
  }
}
