import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TOLD_OF } from '../src/access/told-of.js';
import { exactJson } from '../src/records/edit/exact-json.js';
import { maskedHeaders, unmasked, withHeaders, type KeptHeaders } from '../src/records/edit/masked-headers.js';
import type { JsonObject } from '../src/records/validation/json-object.js';

interface Version {
  readonly tenant: number;
  readonly id: string;
  readonly version: number;
  readonly content: string;
}

/** Nobody could make one whose token did not grant as much. */
const scopesOf = (context: 'user' | 'system'): string => TOLD_OF.map((type) => `${context}/${type}.rs`).join(' ');

/**
 * Why: a Subscription tells what its maker may read, as long as they may, and its headers (what its endpoint knows the server by) stand
 * in no version of it; who binds a WebSocket is known. Makers of those that are there are taken from the ledger; one that nobody is known
 * to have made is turned off by its next event. Locks: reads the ledger's records of Subscriptions; writes the Subscriptions with headers.
 * Back: the current versions have their headers again, those before them stay masked.
 */
export class SubscriptionOwners implements MigrationInterface {
  readonly name = 'subscription-owner-0000000000028';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE subscription_owner (
        id text NOT NULL,
        owner jsonb,
        headers jsonb NOT NULL,
        tenant int NOT NULL DEFAULT acting_tenant(),
        CONSTRAINT subscription_owner_key PRIMARY KEY (id, tenant))`);
    await db.query('ALTER TABLE subscription_owner ENABLE ROW LEVEL SECURITY');
    await db.query('CREATE POLICY own_rows ON subscription_owner TO wetread_tenant USING (tenant = (SELECT acting_tenant()))');
    await db.query('GRANT SELECT, INSERT, UPDATE, DELETE ON subscription_owner TO wetread_tenant');
    await db.query('DELETE FROM subscription_token'); // they last a minute
    await db.query('ALTER TABLE subscription_token ADD COLUMN listener jsonb NOT NULL');
    await db.query(
      `INSERT INTO subscription_owner (id, tenant, owner, headers)
       SELECT r.id, r.tenant, made.owner, '{}'::jsonb FROM resource r LEFT JOIN LATERAL (
         SELECT jsonb_strip_nulls(jsonb_build_object('id', e ->> 'actor', 'kind', e #> '{who,kind}', 'tenant', r.tenant,
                  'client', e #> '{who,client}', 'fhirUser', e #> '{who,fhirUser}',
                  'granted', CASE WHEN jsonb_exists(e -> 'who', 'roles') THEN jsonb_build_object('roles', e #> '{who,roles}', 'scopes',
                    CASE WHEN e #>> '{who,kind}' = 'system' THEN $2 ELSE $1 END) END)) AS owner
           FROM ledger_record l, LATERAL (SELECT l.event::jsonb AS e) AS parsed
          WHERE l.entity_id = r.id AND l.entity_type = 'Subscription' AND l.tenant = r.tenant AND l.actor <> 'wetread' AND l.outcome = 0
            AND e ->> 'action' IN ('resource.created', 'resource.updated') ORDER BY l.id DESC LIMIT 1) AS made ON true
        WHERE r.type = 'Subscription' AND NOT r.deleted`,
      [scopesOf('user'), scopesOf('system')],
    );
    await maskAll(db);
  }

  async down(db: QueryRunner): Promise<void> {
    const rows = (await db.query(
      `SELECT o.tenant, o.id, r.version, r.content, o.headers FROM subscription_owner o
         JOIN resource r ON r.type = 'Subscription' AND r.id = o.id AND r.tenant = o.tenant WHERE o.headers <> '{}' AND NOT r.deleted`,
    )) as (Version & { readonly headers: KeptHeaders })[];
    for (const { content, headers, ...key } of rows)
      await rewrite(db, 'resource', key, unmasked(JSON.parse(content) as JsonObject, headers));
    await db.query('ALTER TABLE subscription_token DROP COLUMN listener');
    await db.query('DROP TABLE subscription_owner');
  }
}

async function maskAll(db: QueryRunner): Promise<void> {
  for (const table of ['resource', 'resource_version']) {
    const rows = (await db.query(
      `SELECT tenant, id, version, content FROM ${table} WHERE type = 'Subscription' AND NOT deleted AND strpos(content, '"header"') > 0`,
    )) as Version[];
    for (const { content, ...key } of rows) {
      const resource = exactJson(content, JSON.parse(content)) as JsonObject;
      const { lines, headers } = maskedHeaders(resource, undefined, {});
      await rewrite(db, table, key, withHeaders(resource, lines));
      if (table === 'resource')
        await db.query('UPDATE subscription_owner SET headers = $3 WHERE tenant = $1 AND id = $2', [
          key.tenant,
          key.id,
          JSON.stringify(headers),
        ]);
    }
  }
}

const rewrite = (db: QueryRunner, table: string, { tenant, id, version }: Omit<Version, 'content'>, resource: object): Promise<unknown> =>
  db.query(`UPDATE ${table} SET content = $4 WHERE type = 'Subscription' AND tenant = $1 AND id = $2 AND version = $3`, [
    tenant,
    id,
    version,
    JSON.stringify(resource),
  ]);
