import { WetreadClient } from '../src/client.js';
import { LatestReportsDocument } from '../src/documents.js';

/** The preliminary reports that were issued last, a line each: what a reading room's wall shows. */
export async function latestReports(url: string, token: () => string): Promise<string[]> {
  const client = new WetreadClient({ url, token });
  const { reports } = await client.run(LatestReportsDocument, { first: 20, filter: { statuses: ['PRELIMINARY'] } });
  return (reports?.edges ?? []).map(({ node }) => {
    const findings = (node.findings ?? []).map(({ label, verdict }) => `${label}: ${verdict}`).join(', ');
    return `${node.issued} ${node.patient?.name ?? '(unknown)'} ${findings}`;
  });
}
