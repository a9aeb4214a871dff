import type { IssuerPages } from '../../issuer/provider-configuration.js';
import { Html, html, page, pageHeaders } from './html.js';
import { messagePage } from './login-pages.js';

type Context = Parameters<IssuerPages['error']>[0];

/** What oidc-provider shows by itself, as pages of ours. */
export const PROVIDER_PAGES: IssuerPages = {
  error(ctx, code, description) {
    const why = description === undefined || ctx.status >= 500 ? '' : `: ${description}`;
    show(ctx, messagePage('That did not work', `The app’s request was refused (${code}${why}). Begin again in the app.`));
  },
  confirmLogout(ctx, form) {
    // A form of oidc-provider's, which the buttons belong to by its id.
    const buttons = html`<button class="go" type="submit" form="op.logoutForm" value="yes" name="logout">Log out</button
      ><button type="submit" form="op.logoutForm">Stay</button>`;
    show(ctx, page('Log out?', html`${new Html(form)}${buttons}`), textOf(ctx.oidc.params?.['post_logout_redirect_uri']));
  },
  loggedOut(ctx) {
    show(ctx, messagePage('You are logged out', 'Apps that you used may take a moment to notice.'));
  },
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function show(ctx: Context, text: string, goesTo?: string): void {
  ctx.set(pageHeaders(goesTo));
  ctx.body = text;
}
