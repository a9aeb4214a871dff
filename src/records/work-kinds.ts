/** A version of a resource was written whose type somebody watches. Subject: `TYPE/ID/VERSION`. Pulled by delivery. */
export const RECORD_WRITTEN = 'record-written';

export const writtenSubject = ({ type, id, version }: { type: string; id: string; version: number }): string => `${type}/${id}/${version}`;

export function parseWrittenSubject(subject: string): { type: string; id: string; version: number } {
  const [type, id, version] = subject.split('/');
  return { type, id, version: Number(version) };
}
