import { Entity, PrimaryColumn } from 'typeorm';

/** A type of which every written version is work for who watches it. */
@Entity('watched_type')
export class WatchedType {
  @PrimaryColumn('text')
  readonly type!: string;
}
