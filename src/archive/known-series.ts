const REMEMBERED = 10_000;

/** An instance's study and series, by UID. */
interface Placed {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
}

/**
 * Series that this server lately saw in the index: of their instances neither the series' nor the study's row needs to be sent
 * again. They may be gone meanwhile; whoever finds one gone says so.
 */
export class KnownSeries {
  private readonly known = new Set<string>();

  has(placed: Placed): boolean {
    return this.known.has(keyOf(placed));
  }

  add(all: readonly Placed[]): void {
    for (const placed of all) this.known.add(keyOf(placed));
    for (const oldest of this.known) {
      if (this.known.size <= REMEMBERED) return;
      this.known.delete(oldest);
    }
  }

  forgetAll(): void {
    this.known.clear();
  }
}

const keyOf = ({ studyInstanceUID, seriesInstanceUID }: Placed): string => `${studyInstanceUID} ${seriesInstanceUID}`;
