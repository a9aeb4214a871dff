import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IssuerKeys } from '../../issuer/issuer-keys.js';

/** What shows that a form was sent from the page that was made for this login: no other site can know it. */
export class Proofs {
  constructor(private readonly keys: IssuerKeys) {}

  async of(login: string): Promise<string> {
    const { cookies } = await this.keys.current();
    return proofBy(cookies[0], login);
  }

  /** Also by a key that was replaced meanwhile. */
  async holds(login: string, given: string | null): Promise<boolean> {
    const { cookies } = await this.keys.current();
    const bytes = Buffer.from(given ?? '');
    return cookies.map((key) => Buffer.from(proofBy(key, login))).some((one) => one.length === bytes.length && timingSafeEqual(one, bytes));
  }
}

const proofBy = (key: string, login: string): string => createHmac('sha256', key).update(`login form ${login}`).digest('base64url');
