import { setTimeout as sleep } from 'node:timers/promises';

/** What the graph says of a study. */
export interface StudyOutcome {
  readonly reports: readonly {
    readonly id: string;
    readonly conclusion: string;
    readonly version: number;
    readonly model: { readonly title: string; readonly version: string } | null;
    readonly findings: readonly {
      readonly label: string;
      readonly probability: number;
      readonly uncertainty: number | null;
      readonly verdict: string;
      readonly provider: string;
    }[];
  }[];
  readonly series: readonly {
    readonly instances: readonly {
      readonly derived: boolean;
      readonly readings: readonly {
        readonly state: 'READ' | 'NOT_READ' | 'FAILED';
        readonly reason: string | null;
        readonly quality: { readonly score: number } | null;
        readonly timings: Timings | null;
      }[];
    }[];
  }[];
}

export interface Timings {
  readonly decode: number;
  readonly prepare: number;
  readonly run: number;
}

const QUERY = `query Outcome($uid: String!) { study(studyInstanceUID: $uid) {
  reports { id conclusion version model { title version } findings { label probability uncertainty verdict provider } }
  series { instances { derived readings { state reason quality { score } timings { decode prepare run } } } } } }`;

/** Waits until every instance of the study is read, or said not to be, and what was read is reported. */
export async function awaitOutcome(url: string, studyInstanceUID: string, withinMs: number): Promise<StudyOutcome | undefined> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(20)) {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: QUERY, variables: { uid: studyInstanceUID } }),
    });
    const { data } = (await answer.json()) as { data?: { study: StudyOutcome | null } };
    const study = data?.study;
    if (study && isDone(study)) return study;
  }
  return undefined;
}

function isDone(study: StudyOutcome): boolean {
  const received = study.series.flatMap(({ instances }) => instances).filter(({ derived }) => !derived);
  const readings = received.flatMap(({ readings: made }) => made);
  if (received.some(({ readings: made }) => made.length === 0)) return false;
  return readings.every(({ state }) => state !== 'READ') || study.reports.length > 0;
}
