/** Facility 10, security and authorization; severity 5, notice (PS3.15 A.6; RFC 5424 6.2.1). */
const PRIORITY = 10 * 8 + 5;
const MOST_SEQUENCE = 2_147_483_647;
const BOM = '\ufeff';

/** What the header says of the message. */
export interface SyslogHeader {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly host: string;
  /** What kind of message it is: `DICOM+RFC3881` (PS3.15 A.6), or of ours. */
  readonly id: string;
  /** The record's place in the chain: a message that comes twice has the same (RFC 5424 7.3.1). */
  readonly seq: number;
}

/** A message as it goes over the wire: RFC 5424 within RFC 5425's frame of counted octets. */
export function syslogFrame({ at, host, id, seq }: SyslogHeader, message: string): Buffer {
  const name = host.replaceAll(/[^\x21-\x7e]/g, '-').slice(0, 255) || '-';
  const data = `[meta sequenceId="${((seq - 1) % MOST_SEQUENCE) + 1}"]`;
  const body = Buffer.from(`<${PRIORITY}>1 ${at} ${name} wetread ${process.pid} ${id} ${data} ${BOM}${message}`);
  return Buffer.concat([Buffer.from(`${body.length} `), body]);
}
