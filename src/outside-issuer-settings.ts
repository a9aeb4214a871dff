import { Transform } from 'class-transformer';
import { IsArray, IsOptional, IsUrl, Matches, MinLength, ValidateBy } from 'class-validator';
import { ROLES } from './access/roles.js';
import { isTrustworthy } from './access/token-keys.js';

const ROLE_PAIR = `[^=,]+=(${ROLES.join('|')})`;

/** Settings of an outside issuer of access tokens. */
export class OutsideIssuerSettings {
  /** An outside OpenID Connect issuer, as its tokens name it (`iss`), in the place of the built-in one; https, or of this machine. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @ValidateBy({
    name: 'isTrustworthy',
    validator: {
      validate: isTrustworthy,
      defaultMessage: () => 'must be an https address, or one of this machine: by http anybody on the way could send keys of their own',
    },
  })
  readonly OIDC_ISSUER?: string;

  /** Audiences that its access tokens may have beside this server's own addresses (`aud`); no client's id, which ID tokens have. */
  @Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value))
  @IsArray()
  @MinLength(1, { each: true })
  readonly OIDC_AUDIENCES: readonly string[] = [];

  /** Claim of its tokens that names roles, by names parted by dots, such as `realm_access.roles`. */
  @Matches(/^[\w:/-]+(\.[\w:/-]+)*$/)
  readonly OIDC_ROLES_CLAIM: string = 'roles';

  /** What its words for roles mean here: `Readers=radiologist,QA=reviewer`; no others count then. Unless set its words are ours. */
  @Matches(new RegExp(`^$|^${ROLE_PAIR}(,${ROLE_PAIR})*$`), {
    message: `must be pairs such as Readers=radiologist,QA=reviewer, with roles of this server: ${ROLES.join(', ')}`,
  })
  readonly OIDC_ROLES: string = '';

  /** Claim of its tokens that holds the number of the tenant, which each must have then. Unless set: `tenant`, and the first without it. */
  @IsOptional()
  @Matches(/^[\w:/-]+(\.[\w:/-]+)*$/)
  readonly OIDC_TENANT_CLAIM?: string;

  /** `CLIENT_ID:SECRET` by which the issuer is asked about tokens that are no JWTs (RFC 7662). */
  @IsOptional()
  @Matches(/^[^:]+:.+$/)
  readonly OIDC_INTROSPECTION_CLIENT?: string;
}
