import { alarm, html, page, type Html } from './html.js';
import { scopeWords } from './scope-words.js';

/** What proves that a form comes from a page of ours. */
export const proofField = (proof: string): Html => html`<input type="hidden" name="proof" value="${proof}" />`;

export interface LoginPage {
  readonly app: string;
  readonly proof: string;
  readonly username?: string;
  readonly wrong?: string;
}

export const loginPage = ({ app, proof, username = '', wrong }: LoginPage): string =>
  page(
    'Log in',
    html`<p>To go on to <strong>${app}</strong>.</p>
      ${alarm(wrong)}
      <form method="post" autocomplete="on">
        ${proofField(proof)} ${credentialFields(username)} <button class="go" name="step" value="login">Log in</button
        ><button name="step" value="cancel" formnovalidate>Cancel</button>
      </form>
      <p class="hint"><a href="../password">Change password</a> · <a href="../second-factor">Set up a second factor</a></p>`,
  );

/** User name, password, one-time code. */
export const credentialFields = (username: string): Html =>
  html`<label
      >User name <input name="username" value="${username}" autocomplete="username" autocapitalize="none" required autofocus
    /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
    <label>One-time code <input name="code" inputmode="numeric" autocomplete="one-time-code" aria-describedby="code-hint" /></label>
    <p class="hint" id="code-hint">Only where your account has a second factor.</p>`;

export interface ConsentPage {
  readonly app: string;
  readonly person: string;
  readonly proof: string;
  readonly scopes: readonly string[];
  readonly patient: PatientLine | undefined;
}

/** A patient as a clinician tells one from another. */
export interface PatientLine {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string;
}

const patientWords = ({ id, name, birthDate }: PatientLine): Html =>
  html`<strong>${name}</strong>, born ${birthDate}, id <code>${id}</code>`;

export const consentPage = ({ app, person, proof, scopes, patient }: ConsentPage): string =>
  page(
    'Allow access',
    html`<p><strong>${app}</strong> asks ${person} for leave to:</p>
      <form method="post">
        ${proofField(proof)}
        ${scopes.map(
          (scope) =>
            html`<label class="tick"
              ><input type="checkbox" name="scope" value="${scope}" checked /><span>${scopeWords(scope)}</span></label
            >`,
        )}
        ${patient === undefined ? undefined : html`<p>The patient is ${patientWords(patient)}.</p>`}
        <button class="go" name="step" value="consent">Allow what is ticked</button><button name="step" value="cancel">Refuse</button>
      </form>`,
  );

export interface PatientPage {
  readonly app: string;
  readonly proof: string;
  readonly asked: string;
  /** Undefined before anything was asked. */
  readonly found: readonly PatientLine[] | undefined;
}

export const patientPage = ({ app, proof, asked, found }: PatientPage): string =>
  page(
    'Choose a patient',
    html`<p><strong>${app}</strong> wants to know which patient it is about.</p>
      <form method="get">
        <label>Name or id <input name="find" value="${asked}" autofocus required /></label><button>Search</button>
      </form>
      <form method="post">
        ${proofField(proof)}
        ${
          found === undefined
            ? undefined
            : found.length === 0
              ? html`<p>Nobody was found.</p>`
              : found.map(
                  (one) =>
                    html`<label class="tick"
                      ><input type="radio" name="patient" value="${one.id}" required /><span>${patientWords(one)}</span></label
                    >`,
                )
        }
        ${found === undefined || found.length === 0 ? undefined : html`<button class="go" name="step" value="patient">Choose</button>`}
        <button name="step" value="cancel" formnovalidate>Cancel</button>
      </form>`,
  );

/** Where there is nothing to do but to read. */
export const messagePage = (title: string, text: string): string => page(title, html`<p>${text}</p>`);
