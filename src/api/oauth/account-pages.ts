import { renderSVG } from 'uqr';
import { ROLES } from '../../access/roles.js';
import type { Enrolment } from '../../issuer/second-factors.js';
import { alarm, Html, html, page } from './html.js';
import { credentialFields } from './login-pages.js';

const FURTHER_ROLES = ROLES.filter((role) => !['administrator', 'patient', 'system'].includes(role));

const newPassword = html`<label
    >New password
    <input
      name="newPassword"
      type="password"
      autocomplete="new-password"
      minlength="12"
      maxlength="256"
      required
      aria-describedby="password-hint"
  /></label>
  <p class="hint" id="password-hint">12 characters or more. Several words make a good one.</p>`;

export const firstAdminPage = (wrong?: string): string =>
  page(
    'The first account',
    html`<p>Nobody has an account here yet. The code is where the server was started: it prints one each time.</p>
      ${alarm(wrong)}
      <form method="post">
        <label>Code <input name="firstCode" autocomplete="off" required autofocus /></label>
        <label>User name <input name="username" autocomplete="username" autocapitalize="none" required /></label>
        <label>Your name <input name="name" autocomplete="name" required /></label>
        ${newPassword}
        <fieldset>
          <legend>You administer accounts. You may do more:</legend>
          ${FURTHER_ROLES.map((role) => html`<label class="tick"><input type="checkbox" name="roles" value="${role}" /><span>${role}</span></label>`)}
        </fieldset>
        <button class="go">Make the account</button>
      </form>`,
  );

export const passwordPage = (wrong?: string, username = ''): string =>
  page(
    'Change password',
    html`${alarm(wrong)}
      <form method="post">${credentialFields(username)}${newPassword}<button class="go">Change it</button></form>
      <p class="hint">You are logged out everywhere then.</p>`,
  );

export const secondFactorPage = (wrong?: string, username = ''): string =>
  page(
    'Set up a second factor',
    html`<p>An authenticator app on your telephone shows a code that you type at each login.</p>
      ${alarm(wrong)}
      <form method="post">${credentialFields(username)}<button class="go">Go on</button></form>`,
  );

/** @param enrolment  what the app is to be told: to scan, or to type */
export const confirmFactorPage = ({ handle, secret, uri }: Enrolment, wrong?: string): string =>
  page(
    'Set up a second factor',
    html`<p>Scan this with the app, or type the key into it.</p>
      ${new Html(renderSVG(uri, { border: 4 }))}
      <p>Key: <code>${secret.match(/.{4}/g)?.join(' ')}</code></p>
      <p class="hint"><code>${uri}</code></p>
      ${alarm(wrong)}
      <form method="post">
        <input type="hidden" name="handle" value="${handle}" />
        <label>The code that the app shows <input name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus /></label>
        <button class="go">Confirm</button>
      </form>`,
  );
